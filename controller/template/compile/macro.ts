import { type Arguments, type Datum, HostObject, newDict, tuple } from '../python/datum.ts'
import { typeError } from '../python/python-error.ts'
import { stringRepr } from '../python/text.ts'
import { Undefined } from '../scope.ts'
import type { MacroParts, Statement } from '../syntax/nodes.ts'
import { compileExpression } from './expressions.ts'
import { type Compilation, type Evaluate, Frame, type Step } from './frame.ts'
import { Output } from './output.ts'

interface CompiledParameter {
  readonly name: string
  readonly otherwise: Evaluate | undefined
}

interface CompiledMacro {
  readonly name: string
  readonly parameters: readonly CompiledParameter[]
  readonly body: Step
  readonly takesMore: boolean
  readonly takesMoreNamed: boolean
  readonly takesCaller: boolean
}

/** Makes a function that gives the macro as it is where it is defined. */
export function compileMacro(
  { name, parameters, body }: MacroParts,
  compilation: Compilation,
): (frame: Frame) => Macro {
  const names = new Set(namesIn(body))
  const compiled: CompiledMacro = {
    name,
    parameters: parameters.map((parameter) => ({
      name: parameter.name,
      otherwise: parameter.otherwise && compileExpression(parameter.otherwise),
    })),
    body: compilation.body(body),
    takesMore: names.has('varargs'),
    takesMoreNamed: names.has('kwargs'),
    takesCaller: names.has('caller'),
  }
  return (frame) => new Macro(compiled, frame)
}

/** A macro of a template. */
export class Macro extends HostObject {
  readonly typeName = 'Macro'
  readonly #parts: CompiledMacro
  readonly #home: Frame

  constructor(parts: CompiledMacro, home: Frame) {
    super()
    this.#parts = parts
    this.#home = home
  }

  override attribute(name: string): Datum | undefined {
    if (name === 'name') return this.#parts.name
    if (name === 'arguments')
      return tuple(this.#parts.parameters.map((parameter) => parameter.name))
    if (name === 'caller') return this.#parts.takesCaller
    if (name === 'catch_varargs') return this.#parts.takesMore
    return name === 'catch_kwargs' ? this.#parts.takesMoreNamed : undefined
  }

  override call(args: Arguments): Datum {
    const { render } = this.#home
    return render.deeper(() => {
      const frame = new Frame(render, this.#home)
      this.#bind(frame, args)
      const output = new Output(render)
      this.#parts.body(frame, output)
      return render.parts.conclude(output)
    })
  }

  #bind(frame: Frame, { positional, named }: Arguments): void {
    const { name, parameters, takesCaller } = this.#parts
    const rest = new Map(named)
    parameters.forEach((parameter, index) => {
      const given = index < positional.length ? positional[index] : rest.get(parameter.name)
      rest.delete(parameter.name)
      frame.assign(parameter.name, given === undefined ? defaultOf(parameter, frame) : given)
    })
    const caller = rest.get('caller')
    if (takesCaller && caller === undefined)
      frame.assign('caller', new Undefined('No caller defined'))
    if (takesCaller && caller !== undefined) {
      frame.assign('caller', caller)
      rest.delete('caller')
    }
    this.#bindRest(frame, positional.slice(parameters.length), rest)
    if (rest.has('caller') && !takesCaller) {
      throw typeError(
        `macro ${stringRepr(name)} was invoked with two values for the special caller argument. This is most likely a bug.`,
      )
    }
  }

  #bindRest(frame: Frame, more: readonly Datum[], rest: ReadonlyMap<string, Datum>): void {
    const { name, parameters, takesMore, takesMoreNamed } = this.#parts
    if (takesMore) frame.assign('varargs', tuple(more))
    else if (more.length > 0) {
      throw typeError(
        `macro ${stringRepr(name)} takes not more than ${parameters.length} argument(s)`,
      )
    }
    if (takesMoreNamed) frame.assign('kwargs', newDict(rest))
    else if (rest.size > 0) {
      const [unknown = ''] = rest.keys()
      throw typeError(`macro ${stringRepr(name)} takes no keyword argument ${stringRepr(unknown)}`)
    }
  }

  override text(): string {
    return `<Macro ${stringRepr(this.#parts.name)}>`
  }
}

function defaultOf({ name, otherwise }: CompiledParameter, frame: Frame): Datum {
  if (otherwise) return otherwise(frame)
  return new Undefined(`parameter ${stringRepr(name)} was not provided`)
}

/** Every name that occurs in some statements, those of inner macros left out. */
function namesIn(part: unknown): readonly string[] {
  if (Array.isArray(part)) return part.flatMap(namesIn)
  if (typeof part !== 'object' || part === null) return []
  if (isInnerMacro(part)) return []
  if ('kind' in part && part.kind === 'name' && 'name' in part) return [String(part.name)]
  return Object.values(part).flatMap(namesIn)
}

function isInnerMacro(part: object): part is Statement {
  return 'kind' in part && part.kind === 'macro'
}
