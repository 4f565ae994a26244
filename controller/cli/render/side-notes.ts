import { without, isList, isMap, type Value, type ValueMap } from '../../../proto/value.ts'
import { pythonText } from './python-text.ts'
import type { Screen } from './screen.ts'

/** Prints the warnings and deprecations that a result carries, and gives the result without them. */
export function showWarnings(screen: Screen, result: ValueMap): ValueMap {
  const warnings = result.get('warnings')
  const deprecations = result.get('deprecations')
  const gone: string[] = []
  if (isList(warnings) && warnings.length > 0) {
    gone.push('warnings')
    for (const warning of warnings) screen.warn(pythonText(warning))
  }
  if (isList(deprecations) && deprecations.length > 0) {
    gone.push('deprecations')
    for (const deprecation of deprecations) screen.deprecate(deprecationText(deprecation))
  }
  return gone.length === 0 ? result : without(result, gone)
}

/** Prints the exception that a result carries: its last line, or all of it at -vvv. */
export function showException(screen: Screen, result: ValueMap, verbosity: number): void {
  const exception = result.get('exception')
  if (exception === undefined) return
  const text = pythonText(exception)
  const last = text.trim().split('\n').at(-1) ?? ''
  screen.failure(
    verbosity < 3
      ? `An exception occurred during task execution. To see the full traceback, use -vvv. The error was: ${last}`
      : `The full traceback is:\n${text}`,
    'error',
  )
}

function deprecationText(deprecation: Value): string {
  if (!isMap(deprecation)) return pythonText(deprecation)
  const msg = deprecation.get('msg') ?? ''
  const version = deprecation.get('version')
  const date = deprecation.get('date')
  const collection = deprecation.get('collection_name')
  const sentence = pythonText(msg).trim()
  const words = [
    /[.!?]$/u.test(sentence) ? sentence : `${sentence}.`,
    'This feature will be removed',
    collection
      ? `from ${pythonText(collection).replace(/^ansible\.builtin$/u, 'ansible-core')}`
      : '',
    removal(version, date),
    'Deprecation warnings can be disabled by setting deprecation_warnings=False in ansible.cfg.',
  ]
  return words.filter((word) => word !== '').join(' ')
}

function removal(version: Value | undefined, date: Value | undefined): string {
  if (date) return `in a release after ${pythonText(date)}.`
  return version ? `in version ${pythonText(version)}.` : 'in a future release.'
}
