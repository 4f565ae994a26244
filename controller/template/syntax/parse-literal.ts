import { float, parseInteger } from '../python/number.ts'
import type { Expression } from './nodes.ts'
import { unescapeLiteral } from './string-literal.ts'
import type { TokenStream } from './token-stream.ts'

/** Reads a name, a text or a number; nothing where something else is next. */
export function parseLiteralOrName(stream: TokenStream): Expression | undefined {
  const { kind } = stream.look()
  if (kind === 'name') return parseName(stream)
  if (kind === 'string') return parseString(stream)
  return kind === 'integer' || kind === 'float' ? parseNumber(stream) : undefined
}

function parseNumber(stream: TokenStream): Expression {
  const place = stream.place()
  const { kind, text } = stream.take()
  const value =
    kind === 'integer' ? (parseInteger(text, 0) ?? 0) : float(Number(text.replaceAll('_', '')))
  return { kind: 'constant', place, value }
}

function parseName(stream: TokenStream): Expression {
  const place = stream.place()
  const name = stream.take().text
  if (name === 'true' || name === 'True') return { kind: 'constant', place, value: true }
  if (name === 'false' || name === 'False') return { kind: 'constant', place, value: false }
  if (name === 'none' || name === 'None') return { kind: 'constant', place, value: null }
  return { kind: 'name', place, name }
}

function parseString(stream: TokenStream): Expression {
  const place = stream.place()
  let value = ''
  while (stream.is('string')) {
    const { text } = stream.look()
    try {
      value += unescapeLiteral(text.slice(1, -1))
    } catch (error) {
      throw stream.fail(error instanceof Error ? error.message : '')
    }
    stream.take()
  }
  return { kind: 'constant', place, value }
}
