import { Undefined } from '../scope.ts'
import { type Datum, HostObject } from './datum.ts'
import { PythonError } from './python-error.ts'

/** What `x if false` gives: undefined, yet printed as nothing and taken for false without an error. */
export class SoftUndefined extends HostObject {
  readonly typeName = 'Undefined'
  readonly #hint: string

  constructor(hint: string) {
    super()
    this.#hint = hint
  }

  override attribute(_name: string): never {
    throw this.error()
  }

  /** What Python raises where something is done with it. */
  error(): PythonError {
    return new PythonError('UndefinedError', this.#hint)
  }

  override items(): readonly Datum[] {
    return []
  }

  override isTrue(): boolean {
    return false
  }

  override equals(other: Datum): boolean {
    return other instanceof SoftUndefined
  }

  override text(): string {
    return ''
  }

  override repr(): string {
    return 'Undefined'
  }
}

/** Whether a value is undefined, in either way. */
export function isUndefined(datum: Datum): boolean {
  return datum instanceof Undefined || datum instanceof SoftUndefined
}
