import { filterError } from '../python/python-error.ts'
import type { Query } from './nodes.ts'
import { type QueryToken, queryTokens } from './tokens.ts'

/** How strongly each mark binds what is on its left. */
const BINDING: Readonly<Record<string, number>> = {
  '|': 1,
  '||': 2,
  '&&': 3,
  '==': 5,
  '!=': 5,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '[]': 9,
  '*': 20,
  '[?': 21,
  '.': 40,
  '!': 45,
  '{': 50,
  '[': 55,
  '(': 60,
}
/** From here on a mark goes on with a projection instead of ending it. */
const PROJECTION_STOP = 10
const current: Query = { kind: 'current' }

/** Reads a JMESPath expression. */
export function parseQuery(text: string): Query {
  const parser = new QueryParser(text)
  return parser.whole()
}

class QueryParser {
  readonly #source: string
  readonly #tokens: readonly QueryToken[]
  #place = 0

  constructor(source: string) {
    this.#source = source
    this.#tokens = queryTokens(source)
  }

  whole(): Query {
    const query = this.#expression(0)
    if (this.#look().kind !== 'end') throw this.#fail()
    return query
  }

  #look(ahead = 0): QueryToken {
    return this.#tokens[this.#place + ahead] ?? { kind: 'end', text: '' }
  }

  #take(): QueryToken {
    const token = this.#look()
    this.#place += 1
    return token
  }

  #is(mark: string, ahead = 0): boolean {
    const token = this.#look(ahead)
    return token.kind === 'mark' && token.text === mark
  }

  #skip(mark: string): boolean {
    if (!this.#is(mark)) return false
    this.#place += 1
    return true
  }

  #expect(mark: string): void {
    if (!this.#skip(mark)) throw this.#fail()
  }

  #fail(): Error {
    const { text, kind } = this.#look()
    const found = kind === 'end' ? 'its end' : `'${text}'`
    return filterError(`bad JMESPath expression at ${found}: ${this.#source}`)
  }

  #binding(): number {
    const token = this.#look()
    return token.kind === 'mark' && Object.hasOwn(BINDING, token.text)
      ? (BINDING[token.text] ?? 0)
      : 0
  }

  #expression(strength: number): Query {
    let left = this.#first()
    while (strength < this.#binding()) left = this.#next(left)
    return left
  }

  #first(): Query {
    const token = this.#take()
    if (token.kind === 'literal') return { kind: 'literal', value: token.value ?? null }
    if (token.kind === 'name' && this.#is('(')) return this.#call(token.text)
    if (token.kind === 'name' || token.kind === 'quoted') return { kind: 'field', name: token.text }
    if (token.kind !== 'mark') throw this.#fail()
    switch (token.text) {
      case '@':
        return current
      case '*':
        return { kind: 'map projection', left: current, right: this.#projected(BINDING['*'] ?? 0) }
      case '[':
        return this.#bracket()
      case '[?':
        return this.#filter(current)
      case '[]':
        return this.#flattened(current)
      case '{':
        return this.#map()
      case '!':
        return { kind: 'not', of: this.#expression(BINDING['!'] ?? 0) }
      case '&':
        return { kind: 'reference', to: this.#expression(0) }
      case '(': {
        const inner = this.#expression(0)
        this.#expect(')')
        return inner
      }
      default:
        throw this.#fail()
    }
  }

  #next(left: Query): Query {
    const { text } = this.#take()
    if (text === '.') return this.#dot(left)
    if (text === '|') return { kind: 'pipe', left, right: this.#expression(1) }
    if (text === '||') return { kind: 'or', left, right: this.#expression(2) }
    if (text === '&&') return { kind: 'and', left, right: this.#expression(3) }
    if (text === '[?') return this.#filter(left)
    if (text === '[]') return this.#flattened(left)
    if (text === '[') return this.#subscript(left)
    if (BINDING[text] !== 5) throw this.#fail()
    return { kind: 'compare', operator: text, left, right: this.#expression(5) }
  }

  #dot(left: Query): Query {
    if (this.#skip('*'))
      return { kind: 'map projection', left, right: this.#projected(BINDING['.'] ?? 0) }
    return { kind: 'sub', left, right: this.#afterDot(BINDING['.'] ?? 0) }
  }

  #afterDot(strength: number): Query {
    const token = this.#look()
    if (token.kind === 'name' || token.kind === 'quoted' || this.#is('*'))
      return this.#expression(strength)
    if (this.#skip('[')) return this.#list()
    if (this.#skip('{')) return this.#map()
    throw this.#fail()
  }

  #projected(strength: number): Query {
    if (this.#binding() < PROJECTION_STOP) return current
    if (this.#is('[') || this.#is('[?')) return this.#expression(strength)
    if (this.#skip('.')) return this.#afterDot(strength)
    throw this.#fail()
  }

  #subscript(left: Query): Query {
    const token = this.#look()
    if (token.kind === 'number' || this.#is(':')) {
      const right = this.#indexOrSlice()
      if (right.kind !== 'slice') return { kind: 'sub', left, right }
      const sliced: Query = { kind: 'sub', left, right }
      return { kind: 'list projection', left: sliced, right: this.#projected(BINDING['*'] ?? 0) }
    }
    this.#expect('*')
    this.#expect(']')
    return { kind: 'list projection', left, right: this.#projected(BINDING['*'] ?? 0) }
  }

  #bracket(): Query {
    const token = this.#look()
    if (token.kind === 'number' || this.#is(':')) return this.#subscript(current)
    if (this.#is('*') && this.#is(']', 1)) return this.#subscript(current)
    return this.#list()
  }

  #indexOrSlice(): Query {
    const parts: (number | undefined)[] = [undefined]
    while (!this.#skip(']')) {
      const token = this.#take()
      if (token.kind === 'number') parts[parts.length - 1] = Number(token.text)
      else if (token.text === ':' && parts.length < 3) parts.push(undefined)
      else throw this.#fail()
    }
    const [place] = parts
    return parts.length === 1 ? { kind: 'index', place: place ?? 0 } : { kind: 'slice', parts }
  }

  #filter(left: Query): Query {
    const test = this.#expression(0)
    this.#expect(']')
    const right = this.#is('[]') ? current : this.#projected(BINDING['[?'] ?? 0)
    return { kind: 'filter', left, test, right }
  }

  #flattened(left: Query): Query {
    const right = this.#projected(BINDING['[]'] ?? 0)
    return { kind: 'list projection', left: { kind: 'flatten', of: left }, right }
  }

  #list(): Query {
    const items: Query[] = [this.#expression(0)]
    while (this.#skip(',')) items.push(this.#expression(0))
    this.#expect(']')
    return { kind: 'list', items }
  }

  #map(): Query {
    const pairs: (readonly [string, Query])[] = []
    do {
      const key = this.#take()
      if (key.kind !== 'name' && key.kind !== 'quoted') throw this.#fail()
      this.#expect(':')
      pairs.push([key.text, this.#expression(0)])
    } while (this.#skip(','))
    this.#expect('}')
    return { kind: 'map', pairs }
  }

  #call(name: string): Query {
    this.#expect('(')
    const args: Query[] = []
    while (!this.#is(')')) {
      if (args.length > 0) this.#expect(',')
      args.push(this.#expression(0))
    }
    this.#expect(')')
    return { kind: 'call', name, args }
  }
}
