import type { Value } from '../../proto/value.ts'
import { parseLiteral } from '../template/python/literal.ts'
import { toValue } from '../template/to-value.ts'

/**
 * What Python's `ast.literal_eval` makes of a text: numbers, quoted text, lists, tuples, sets, dicts, True, False
 * and None. Tuples and sets become lists.
 *
 * @returns Undefined when the text is no literal.
 */
export function parsePythonLiteral(text: string): Value | undefined {
  const value = parseLiteral(text.replace(/^[ \t]+/u, ''), { hasJsonNames: false, hasSets: true })
  return value === undefined ? undefined : toValue(value)
}
