import type { ValueMap, Value } from '../../../proto/value.ts'
import { LookupFailure, type LookupPort, type Scope } from '../../template/scope.ts'
import { commandLookups } from './command-lookups.ts'
import { urlLookups } from './url-lookup.ts'
import { fileLookups } from './file-lookups.ts'
import { firstFound } from './first-found.ts'
import { listLookups } from './list-lookups.ts'
import type { Lookup, LookupWorld } from './lookup-call.ts'
import { password } from './password.ts'
import { sequence } from './sequence.ts'
import { tableLookups } from './table-lookups.ts'
import { variableLookups } from './variable-lookups.ts'

const table: ReadonlyMap<string, Lookup> = new Map(
  Object.entries({
    ...listLookups,
    ...variableLookups,
    ...fileLookups,
    ...commandLookups,
    ...urlLookups,
    ...tableLookups,
    sequence,
    first_found: firstFound,
    password,
  }),
)

/** Whether errand itself has a lookup of this name, as written in `with_NAME` or `lookup('NAME')`. */
export function isLookup(name: string): boolean {
  return table.has(shortName(name))
}

/** The lookups that errand has itself, and those that are plugins. */
export class Lookups implements LookupPort {
  readonly #world: LookupWorld

  constructor(world: LookupWorld) {
    this.#world = world
  }

  /** Whether there is a lookup of this name. */
  has(name: string): boolean {
    return isLookup(name) || this.#world.plugins.hasLookup(name)
  }

  lookup(name: string, terms: readonly Value[], options: ValueMap, scope: Scope): readonly Value[] {
    const { plugins } = this.#world
    const run = plugins.overridesLookup(name) ? undefined : table.get(shortName(name))
    if (!run && plugins.hasLookup(name)) return plugins.lookup(name, terms, options, scope)
    if (!run) throw new LookupFailure(`lookup plugin (${name}) not found`, 'AnsibleOptionsError')
    return run({ name: withoutBuiltin(name), terms, options, scope, world: this.#world })
  }
}

function shortName(name: string): string {
  return withoutBuiltin(name).replace(/^community\.general\./u, '')
}

function withoutBuiltin(name: string): string {
  return name.replace(/^ansible\.(?:builtin|legacy)\./u, '')
}
