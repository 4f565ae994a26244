import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { Value } from '../../proto/value.ts'
import { textOf } from '../modules/arguments.ts'
import type { Scope } from '../template/scope.ts'
import type { Language } from './language.ts'

/**
 * Tests conditions in order and gives the first that does not hold; undefined when all do.
 *
 * @throws {ErrandError} `invalid`, naming the condition that could not be evaluated.
 */
export function firstFalse(
  language: Language,
  conditions: readonly Value[],
  scope: Scope,
): Value | undefined {
  for (const condition of conditions) {
    if (!holds(language, condition, scope)) return condition
  }
  return undefined
}

function holds(language: Language, condition: Value, scope: Scope): boolean {
  try {
    return language.test(condition, scope)
  } catch (cause) {
    if (cause instanceof ErrandError && cause.code === 'internal') throw cause
    const text = textOf(condition)
    throw new ErrandError(
      'invalid',
      `The conditional check '${text}' failed. The error was: error while evaluating conditional (${text}): ` +
        sentenceOf(cause),
      { cause },
    )
  }
}
