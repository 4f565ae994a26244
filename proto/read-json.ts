import { Float, type MapKey, type MutableMap, type Value } from './value.ts'

/** What stands for what. */
export interface JsonMeaning {
  /** The key that a text stands for. */
  readonly keyOf: (text: string) => MapKey
  /** What an object stands for. */
  readonly objectOf: (map: MutableMap) => unknown
  /** How deep lists and objects may lie in each other. Text of hundreds of thousands of brackets would end the program otherwise. */
  readonly maxDepth: number
}

/**
 * Reads JSON text: into a `Value` but for what `meaning` makes of objects.
 *
 * @throws {SyntaxError} as `JSON.parse` does.
 */
export function readJson(text: string, meaning: JsonMeaning): unknown {
  return new JsonReader(text, meaning).read()
}

const words: ReadonlyMap<number, readonly [string, Value]> = new Map([
  [0x74, ['true', true]],
  [0x66, ['false', false]],
  [0x6e, ['null', null]],
])

/** From this length on V8 keeps the whole text alive for a slice of it. */
const longSlice = 13

class JsonReader {
  readonly #text: string
  readonly #meaning: JsonMeaning
  readonly #number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y
  #at = 0
  #depth = 0

  constructor(text: string, meaning: JsonMeaning) {
    this.#text = text
    this.#meaning = meaning
  }

  read(): unknown {
    const value = this.#value()
    return this.#next() === undefined ? value : this.#fail()
  }

  #value(): unknown {
    const first = this.#next()
    if (first === 0x22) return this.#string()
    if (first === 0x7b || first === 0x5b) return this.#nested(first)
    const word = words.get(first ?? 0)
    if (word === undefined) return this.#numeral()
    if (!this.#text.startsWith(word[0], this.#at)) return this.#fail()
    this.#at += word[0].length
    return word[1]
  }

  #nested(first: number): unknown {
    this.#depth += 1
    if (this.#depth > this.#meaning.maxDepth) throw new SyntaxError('JSON is nested too deeply')
    const value = first === 0x7b ? this.#map() : this.#list()
    this.#depth -= 1
    return value
  }

  /** The character that comes next, blanks left out; undefined at the end. */
  #next(): number | undefined {
    for (; this.#at < this.#text.length; this.#at += 1) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code
    }
    return undefined
  }

  #take(code: number): boolean {
    if (this.#next() !== code) return false
    this.#at += 1
    return true
  }

  #map(): unknown {
    const map: MutableMap = new Map()
    this.#at += 1
    if (this.#take(0x7d)) return this.#meaning.objectOf(map)
    do {
      if (this.#next() !== 0x22) this.#fail()
      const key = this.#meaning.keyOf(this.#string())
      if (!this.#take(0x3a)) this.#fail()
      map.set(key, this.#value() as Value)
    } while (this.#take(0x2c))
    return this.#take(0x7d) ? this.#meaning.objectOf(map) : this.#fail()
  }

  #list(): unknown {
    const list: unknown[] = []
    this.#at += 1
    if (this.#take(0x5d)) return list
    do list.push(this.#value())
    while (this.#take(0x2c))
    return this.#take(0x5d) ? list : this.#fail()
  }

  #string(): string {
    const start = this.#at
    let end = start + 1
    let isPlain = true
    for (; ; end += 1) {
      const code = this.#text.charCodeAt(end)
      if (code === 0x22) break
      if (code === 0x5c) {
        isPlain = false
        end += 1
      } else if (!(code >= 0x20)) return this.#fail()
    }
    this.#at = end + 1
    if (isPlain && end - start < longSlice) return this.#text.slice(start + 1, end)
    return JSON.parse(this.#text.slice(start, end + 1)) as string
  }

  #numeral(): Value {
    this.#number.lastIndex = this.#at
    const source = this.#number.exec(this.#text)?.[0]
    if (source === undefined) return this.#fail()
    this.#at += source.length
    const value = Number(source)
    if (/[.eE]/u.test(source)) return Number.isInteger(value) ? new Float(value) : value
    return Number.isSafeInteger(value) ? value + 0 : BigInt(source)
  }

  /** JSON.parse has the words for what is wrong. */
  #fail(): never {
    JSON.parse(this.#text)
    throw new SyntaxError(`not JSON at character ${this.#at}`)
  }
}
