import type { FilePort } from './file-port.ts'
import type { Arguments, Datum } from './python/datum.ts'
import { DictView, Range } from './python/host-objects.ts'
import { undefinedError } from './python/text.ts'
import { type Definition, type Registry, bindArguments } from './registry.ts'
import { type LookupPort, type Scope, Undefined } from './scope.ts'

/** What the evaluator knows of the world beside its variables. */
export interface World {
  readonly registry: Registry
  readonly lookups: LookupPort
  readonly files: FilePort
  /** The clock, in milliseconds since the epoch. */
  readonly nowMs: () => number
  /** Told what deserves a look but is no error. */
  readonly warn: (message: string) => void
}

/** What a filter or a test may use beside its arguments. */
export class CallContext {
  readonly world: World
  readonly scope: Scope

  constructor(world: World, scope: Scope) {
    this.world = world
    this.scope = scope
  }

  /** Applies the filter `name`. */
  filter(name: string, input: Datum, args: Arguments): Datum {
    return applyFilter(this.world.registry.filter(name), { name, input, args, context: this })
  }

  /** Asks the test `name`. */
  test(name: string, input: Datum, args: Arguments): boolean {
    return applyTest(this.world.registry.test(name), { name, input, args, context: this })
  }
}

/** One use of a filter or a test. */
export interface Use {
  readonly name: string
  readonly input: Datum
  readonly args: Arguments
  readonly context: CallContext
}

/** Applies a filter; what it gives is a list where Python would give an iterator. */
export function applyFilter(definition: Definition<Datum>, use: Use): Datum {
  const result = run(definition, use)
  return result instanceof DictView || result instanceof Range ? result.items() : result
}

/** Asks a test. */
export function applyTest(definition: Definition<boolean>, use: Use): boolean {
  return run(definition, use)
}

function run<R>(definition: Definition<R>, { name, input, args, context }: Use): R {
  if (!definition.isLazy) ensureDefined(input, args)
  if (definition.parameters === 'rest' && definition.runRest) {
    return definition.runRest(input, args, context)
  }
  const parameters = definition.parameters === 'rest' ? [] : definition.parameters
  return definition.run(input, bindArguments(name, parameters, args), context)
}

function ensureDefined(input: Datum, { positional, named }: Arguments): void {
  if (input instanceof Undefined) throw undefinedError(input)
  for (const value of positional) if (value instanceof Undefined) throw undefinedError(value)
  for (const value of named.values()) if (value instanceof Undefined) throw undefinedError(value)
}
