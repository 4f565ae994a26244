import { type MapKey, keyIn } from '../../../proto/value.ts'
import { type Datum, newDict, tuple } from './datum.ts'
import { dictKey } from './iterate.ts'
import { float, isNumber, parseInteger } from './number.ts'
import { sign } from './arithmetic.ts'
import { unescapeLiteral } from '../syntax/string-literal.ts'

const MAX_DEPTH = 90

/** What may stand in a literal beside Python's own words. */
export interface LiteralOptions {
  /** Also JSON's `true`, `false` and `null`. */
  readonly hasJsonNames: boolean
  /** Also sets, as lists. */
  readonly hasSets?: boolean
}

/** The value of a text that is one Python literal; nothing when it is not. */
export function parseLiteral(text: string, options: LiteralOptions): Datum | undefined {
  const reader = new LiteralReader(text, options)
  try {
    return reader.readAll()
  } catch (error) {
    if (error instanceof NoLiteral) return undefined
    throw error
  }
}

class NoLiteral extends Error {}

const NUMBER =
  /(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?)/uy
const STRING = /([rRuU]|[bB][rR]?|[rR][bB])?('''|"""|'|")/uy
const NAME = /[A-Za-z_]\w*/uy

class LiteralReader {
  readonly #text: string
  readonly #names: ReadonlyMap<string, Datum>
  readonly #hasSets: boolean
  #at = 0
  #depth = 0

  constructor(text: string, { hasJsonNames, hasSets = false }: LiteralOptions) {
    this.#text = text
    this.#hasSets = hasSets
    const names: [string, Datum][] = [
      ['True', true],
      ['False', false],
      ['None', null],
    ]
    if (hasJsonNames) names.push(['true', true], ['false', false], ['null', null])
    this.#names = new Map(names)
  }

  readAll(): Datum {
    if (/^[ \t]/u.test(this.#text)) throw new NoLiteral()
    const value = this.#tuple(() => this.#at >= this.#text.length)
    if (this.#at < this.#text.length) throw new NoLiteral()
    return value
  }

  /** One value, or a tuple where commas follow. */
  #tuple(isEnd: () => boolean): Datum {
    const first = this.#value()
    if (!this.#take(',')) return first
    const items = [first]
    while (!isEnd()) {
      items.push(this.#value())
      if (!this.#take(',')) break
    }
    return tuple(items)
  }

  #value(): Datum {
    this.#blanks()
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new NoLiteral()
    const value = this.#inner()
    this.#depth -= 1
    this.#blanks()
    return value
  }

  #inner(): Datum {
    const character = this.#text[this.#at] ?? ''
    if (this.#take('[')) return this.#items(']')
    if (this.#take('(')) return this.#bracketed()
    if (this.#take('{')) return this.#dictOrSet()
    if (character === '-' || character === '+') return this.#signed(character)
    return this.#strings() ?? this.#number() ?? this.#name()
  }

  #items(close: string): Datum[] {
    const items: Datum[] = []
    this.#blanks()
    while (!this.#take(close)) {
      items.push(this.#value())
      if (!this.#take(',') && this.#text[this.#at] !== close) throw new NoLiteral()
      this.#blanks()
    }
    return items
  }

  #bracketed(): Datum {
    this.#blanks()
    if (this.#take(')')) return tuple([])
    const value = this.#tuple(() => {
      this.#blanks()
      return this.#text[this.#at] === ')'
    })
    if (!this.#take(')')) throw new NoLiteral()
    return value
  }

  #dictOrSet(): Datum {
    this.#blanks()
    if (this.#take('}')) return newDict()
    const first = this.#value()
    if (this.#text[this.#at] === ':') return this.#entries(first)
    if (!this.#hasSets) throw new NoLiteral()
    const hasMore = this.#take(',')
    const rest = this.#items('}')
    if (!hasMore && rest.length > 0) throw new NoLiteral()
    return [first, ...rest]
  }

  /** The entries of a dict whose first key was read. */
  #entries(firstKey: Datum): Datum {
    const map = newDict()
    for (let key = firstKey; ; key = this.#value()) {
      if (!this.#take(':')) throw new NoLiteral()
      map.set(keyIn(map, this.#key(key)), this.#value())
      const isMore = this.#take(',')
      this.#blanks()
      if (this.#take('}')) return map
      if (!isMore) throw new NoLiteral()
    }
  }

  #key(key: Datum): MapKey {
    if (typeof key === 'object' && key !== null && !isNumber(key) && !Array.isArray(key))
      throw new NoLiteral()
    return dictKey(key)
  }

  #signed(operator: '-' | '+'): Datum {
    this.#at += 1
    this.#blanks()
    const next = this.#text[this.#at] ?? ''
    const value = next === '-' || next === '+' ? this.#signed(next) : this.#number()
    if (value === undefined || !isNumber(value)) throw new NoLiteral()
    return sign(operator, value)
  }

  #strings(): Datum | undefined {
    let text: string | undefined
    for (let part = this.#string(); part !== undefined; part = this.#string()) {
      text = (text ?? '') + part
      this.#blanks()
    }
    return text
  }

  #string(): string | undefined {
    STRING.lastIndex = this.#at
    const [opening, prefix = '', quote = ''] = STRING.exec(this.#text) ?? []
    if (opening === undefined) return undefined
    const start = this.#at + opening.length
    let end = start
    while (!this.#text.startsWith(quote, end)) {
      const character = this.#text[end]
      if (character === undefined || (character === '\n' && quote.length === 1))
        throw new NoLiteral()
      end += character === '\\' ? 2 : 1
    }
    this.#at = end + quote.length
    const body = this.#text.slice(start, end)
    return /r/iu.test(prefix) ? body : unescaped(body)
  }

  #number(): Datum | undefined {
    NUMBER.lastIndex = this.#at
    const [found] = NUMBER.exec(this.#text) ?? []
    if (found === undefined) return undefined
    this.#at += found.length
    if (/^[\w.]/u.test(this.#text.slice(this.#at))) throw new NoLiteral()
    const digits = found.replaceAll('_', '')
    if (/^0[xXoObB]/u.test(digits)) return parseInteger(digits, 0) ?? 0
    if (/[.eE]/u.test(digits)) return float(Number(digits))
    if (/^0+[1-9]/u.test(digits)) throw new NoLiteral()
    return parseInteger(digits) ?? 0
  }

  #name(): Datum {
    NAME.lastIndex = this.#at
    const [found = ''] = NAME.exec(this.#text) ?? []
    const value = this.#names.get(found)
    if (value === undefined) throw new NoLiteral()
    this.#at += found.length
    return value
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at += 1
    return true
  }

  #blanks(): void {
    const isInside = this.#depth > 0
    const pattern = isInside
      ? /(?:[ \t\f\n\r]|\\\n|#[^\n]*)*/uy
      : /[ \t\f]*(?:#[^\n]*)?[ \t\n\r]*/uy
    pattern.lastIndex = this.#at
    this.#at += pattern.exec(this.#text)?.[0].length ?? 0
  }
}

function unescaped(body: string): string {
  try {
    return unescapeLiteral(body)
  } catch {
    // a broken escape makes the whole no literal, as for Python
    throw new NoLiteral()
  }
}
