import { parseJson } from '../../../proto/json-text.ts'
import type { Datum } from '../python/datum.ts'
import { filterError } from '../python/python-error.ts'
import { toText } from '../python/text.ts'

/** A piece of a JMESPath expression. */
export interface QueryToken {
  readonly kind: 'name' | 'quoted' | 'literal' | 'number' | 'mark' | 'end'
  readonly text: string
  readonly value?: Datum
}

const TOKEN =
  /\s+|([A-Za-z_]\w*)|("(?:[^"\\]|\\.)*")|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\[\s\S])*)`|(-?\d+)|(\[\?|\[\]|\|\||&&|==|!=|<=|>=|[.*[\]{}(),:@&|!<>])/uy

/** Cuts a JMESPath expression into tokens. */
export function queryTokens(text: string): readonly QueryToken[] {
  const tokens: QueryToken[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(text)
    if (!found) throw filterError(`bad JMESPath expression at column ${at + 1}: ${text}`)
    const token = tokenOf(found)
    if (token) tokens.push(token)
  }
  return [...tokens, { kind: 'end', text: '' }]
}

function tokenOf(found: RegExpExecArray): QueryToken | undefined {
  const [, name, quoted, raw, literal, number, mark] = found
  if (name !== undefined) return { kind: 'name', text: name }
  if (quoted !== undefined) return { kind: 'quoted', text: toText(parseJson(quoted)) }
  if (raw !== undefined) return { kind: 'literal', text: raw, value: raw.replaceAll("\\'", "'") }
  if (literal !== undefined) return { kind: 'literal', text: literal, value: jsonLiteral(literal) }
  if (number !== undefined) return { kind: 'number', text: number }
  return mark === undefined ? undefined : { kind: 'mark', text: mark }
}

/** JSON between back ticks; as a favour to old expressions, a text without quotes. */
function jsonLiteral(source: string): Datum {
  const text = source.replaceAll('\\`', '`').trim()
  try {
    return parseJson(text)
  } catch {
    // not JSON: JMESPath takes it for a text
    return text
  }
}
