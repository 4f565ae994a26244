import type { Value } from '../../proto/value.ts'
import type { Scope } from '../template/scope.ts'
import type { Language } from './language.ts'

/**
 * Tests conditions in order and gives the first that does not hold; undefined when all do.
 *
 * @throws {TemplateError} naming the condition that could not be evaluated.
 */
export function firstFalse(
  language: Language,
  conditions: readonly Value[],
  scope: Scope,
): Value | undefined {
  return conditions.find((condition) => !language.test(condition, scope))
}
