import { ErrandError } from '../../proto/errors.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import type { Arguments, Datum } from './python/datum.ts'
import type { PythonErrorKind } from './python/python-error.ts'
import type { Scope } from './scope.ts'

/** What a template may call by a name and the evaluator need not have itself. */
export type PluginKind = 'filter' | 'test'

/** One use of a filter or a test that is a plugin. */
export interface PluginUse {
  readonly kind: PluginKind
  readonly name: string
  readonly input: Datum
  readonly args: Arguments
  /** For those that ask for the variables around them. */
  readonly scope: Scope
}

/** Filters, tests and lookups that others have written. */
export interface PluginPort {
  /** Whether the user has a filter or a test of a short name that is to count before the evaluator's own. */
  overrides(kind: PluginKind, name: string): boolean
  /** Undefined when there is one; else why not, in Ansible's words. */
  missing(kind: PluginKind, name: string): string | undefined
  /**
   * @throws {PluginError} what it raised.
   */
  call(use: PluginUse): Datum
  /** Whether a file of a lookup is there; what it holds is not looked at. */
  hasLookup(name: string): boolean
  /** Whether the user has a lookup of a short name that is to count before ours. */
  overridesLookup(name: string): boolean
  /**
   * @throws {PluginError} what it raised.
   */
  lookup(name: string, terms: readonly Value[], options: ValueMap, scope: Scope): readonly Value[]
}

/** What a plugin raised, as Python calls it. */
export class PluginError extends ErrandError {
  readonly kind: PythonErrorKind
  /** The class of the exception, as Python prints it. */
  readonly className: string
  /** Its message is all that is to be said: the plugin meant it for the user. */
  readonly isComplete: boolean

  constructor(
    message: string,
    about: {
      readonly kind: PythonErrorKind
      readonly className: string
      readonly isComplete: boolean
    },
  ) {
    super('invalid', message)
    this.kind = about.kind
    this.className = about.className
    this.isComplete = about.isComplete
  }
}

/** There are none. */
export const noPlugins: PluginPort = {
  overrides: () => false,
  missing: (_kind, name) => `'${name}'`,
  call: ({ name }) => {
    throw new ErrandError('internal', `there is no plugin ${name}`)
  },
  hasLookup: () => false,
  overridesLookup: () => false,
  lookup: (name) => {
    throw new ErrandError('invalid', `lookup plugin (${name}) not found`)
  },
}
