import { ErrandError } from '../../proto/errors.ts'
import type { ValueMap, Value } from '../../proto/value.ts'

/** A name or an attribute that is not there. An error as soon as its value is needed. */
export class Undefined {
  /** What was looked for, for the sentence: `'x' is undefined`, `'dict object' has no attribute 'y'`. */
  readonly hint: string

  constructor(hint: string) {
    this.hint = hint
  }
}

/**
 * Where an expression finds its variables. The evaluator never sees template text through it: what comes from a
 * playbook has been rendered already, and what comes from a target is data for good.
 */
export interface Scope {
  /** The finished value of `name`, or {@link Undefined}. May throw what rendering its source throws. */
  resolve(name: string): Value | Undefined
  /**
   * Whether the text of `name` stays text where it is the whole of a template, also when it looks like a list or a
   * map: so it is when the template it was made by ends in `to_json` or its like (see `Templates.yieldsText`).
   */
  isText?(name: string): boolean
  /**
   * Whether `name` holds anything that came from a target. A condition that was put together with such text is not
   * evaluated. Where a scope cannot tell, all of it is taken to be so.
   */
  isUnsafe?(name: string): boolean
}

/** The class of Python's that Ansible's own plugin would fail with. */
export type LookupErrorClass =
  | 'AnsibleError'
  | 'AnsibleLookupError'
  | 'AnsibleOptionsError'
  | 'AnsibleParserError'
  | 'AnsibleUndefinedVariable'

/** What a lookup says when it fails: a loop tells it as it is, an expression with the lookup's name around it. */
export class LookupFailure extends ErrandError {
  readonly pythonClass: LookupErrorClass

  constructor(said: string, pythonClass: LookupErrorClass = 'AnsibleError') {
    super('invalid', said)
    this.pythonClass = pythonClass
  }
}

/** Gives lookup plugins their reach into the world; the evaluator itself has none. */
export interface LookupPort {
  /**
   * Runs the lookup `name` with its terms and options.
   *
   * @returns One value for each result, in order.
   * @throws {LookupFailure} for an unknown lookup, or what it could not find.
   */
  lookup(name: string, terms: readonly Value[], options: ValueMap, scope: Scope): readonly Value[]
}
