import { Float, newMap } from '../../proto/value.ts'
import type { Value } from '../../proto/value.ts'

/**
 * What Python's `ast.literal_eval` makes of a text: numbers, quoted text, lists, tuples, sets, dicts, True, False
 * and None. Tuples and sets become lists.
 *
 * @returns Undefined when the text is no literal.
 */
export function parsePythonLiteral(text: string): Value | undefined {
  const trimmed = text.replace(/^[ \t]+/u, '')
  if (!/^[-+0-9.'"([{TFNrRbBuU]/u.test(trimmed)) return undefined
  try {
    return new LiteralParser(trimmed).parse()
  } catch (error) {
    if (error instanceof NoLiteral) return undefined
    throw error
  }
}

class NoLiteral extends Error {}

/** Deeper nesting than this is no literal that a person wrote. */
const deepest = 100

const number =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:[0-9](?:_?[0-9])*\.?(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][-+]?[0-9](?:_?[0-9])*)?)/uy

class LiteralParser {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): Value {
    const first = this.#value()
    this.#skip()
    const value = this.#peek() === ',' ? this.#items(first, '') : first
    this.#skip()
    if (this.#at < this.#text.length) throw new NoLiteral()
    return value
  }

  #skip(): void {
    const found = this.#match(this.#depth === 0 ? /[ \t\f]*(?:#.*)?\n?/uy : /(?:\s+|#[^\n]*)*/uy)
    if (found === undefined) throw new NoLiteral()
  }

  #peek(): string {
    return this.#text.charAt(this.#at)
  }

  #take(text: string): boolean {
    this.#skip()
    if (!this.#text.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #value(): Value {
    if (++this.#depth > deepest) throw new NoLiteral()
    this.#skip()
    const value = this.#bare()
    this.#depth -= 1
    return value
  }

  #bare(): Value {
    const next = this.#peek()
    if (next === '[') return this.#bracketed(']')
    if (next === '(') return this.#parenthesized()
    if (next === '{') return this.#braces()
    if (/['"rRbBuU]/u.test(next)) return this.#string()
    if (/[-+]/u.test(next)) return this.#signed()
    const word = this.#match(/(?:True|False|None)(?!\w)/uy)
    if (word !== undefined) return word === 'None' ? null : word === 'True'
    return this.#number(1)
  }

  #signed(): Value {
    let sign = 1
    for (
      let mark = this.#match(/[-+][ \t]*/uy);
      mark !== undefined;
      mark = this.#match(/[-+][ \t]*/uy)
    ) {
      if (mark.startsWith('-')) sign = -sign
    }
    return this.#number(sign)
  }

  #number(sign: number): Value {
    const written = this.#match(number)
    if (written === undefined || /[\w.]/u.test(this.#peek())) throw new NoLiteral()
    const digits = written.replaceAll('_', '').toLowerCase()
    const isInteger = /^(?:0[xob][0-9a-f]+|\d+)$/u.test(digits)
    if (!isInteger) {
      const value = sign * Number(digits)
      return Number.isInteger(value) ? new Float(value) : value
    }
    if (/^0+[1-9]/u.test(digits)) throw new NoLiteral() // 010 is no number in Python 3
    const size = BigInt(digits)
    const value = Number(size) * sign
    return Number.isSafeInteger(value) ? value + 0 : size * BigInt(sign)
  }

  #bracketed(close: string): Value {
    this.#at += 1
    if (this.#take(close)) return []
    return this.#items(this.#value(), close)
  }

  #parenthesized(): Value {
    this.#at += 1
    if (this.#take(')')) return []
    const first = this.#value()
    if (this.#take(')')) return first
    return this.#items(first, ')')
  }

  /** The items after `first`, up to `close` or the end. */
  #items(first: Value, close: string): Value {
    const items = [first]
    while (this.#take(',')) {
      this.#skip()
      if (this.#isAtEnd(close)) break
      items.push(this.#value())
    }
    if (close !== '' && !this.#take(close)) throw new NoLiteral()
    return items
  }

  #isAtEnd(close: string): boolean {
    return close === '' ? this.#at >= this.#text.length : this.#peek() === close
  }

  #braces(): Value {
    this.#at += 1
    if (this.#take('}')) return newMap()
    const first = this.#value()
    if (!this.#take(':')) return this.#items(first, '}')
    const map = newMap([[keyText(first), this.#value()]])
    while (this.#take(',')) {
      this.#skip()
      if (this.#peek() === '}') break
      const key = this.#value()
      if (!this.#take(':')) throw new NoLiteral()
      map[keyText(key)] = this.#value()
    }
    if (!this.#take('}')) throw new NoLiteral()
    return map
  }

  #string(): Value {
    let text = ''
    for (;;) {
      const prefix = this.#match(/(?:[rR]?[bB]|[bB]?[rR]|[uU])?(?=['"])/uy)
      if (prefix === undefined) break
      const found = this.#match(
        /"""(?:[^\\]|\\[^])*?"""|'''(?:[^\\]|\\[^])*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/uy,
      )
      if (found === undefined) throw new NoLiteral()
      const size = /^(?:"""|''')/u.test(found) ? 3 : 1
      const body = found.slice(size, -size)
      text += /r/iu.test(prefix) ? body : unescape(body)
      this.#skip()
      if (!/['"rRbBuU]/u.test(this.#peek())) return text
    }
    throw new NoLiteral()
  }
}

function keyText(value: Value): string {
  if (typeof value === 'object' && value !== null && !(value instanceof Float))
    throw new NoLiteral()
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return value instanceof Float ? `${value.value}.0` : String(value)
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

function unescape(body: string): string {
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([^]))/gu,
    (all, byte?: string, short?: string, long?: string, octal?: string, one?: string) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
      if (one !== undefined) return simpleEscapes[one] ?? all
      return String.fromCodePoint(Number.parseInt(byte ?? short ?? long ?? '0', 16))
    },
  )
}
