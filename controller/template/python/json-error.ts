import { PythonError } from './python-error.ts'

/** The error with which Python's `json.loads` refuses `text`. */
export function jsonError(text: string): PythonError {
  return new PythonError('JSONDecodeError', new JsonChecker(text).problem())
}

class Found extends Error {}

/** Goes through a text as Python's reader does, to the first thing that is wrong. */
class JsonChecker {
  readonly #characters: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#characters = Array.from(text)
  }

  problem(): string {
    try {
      this.#blanks()
      this.#value()
      this.#blanks()
      return this.#said('Extra data', this.#at)
    } catch (error) {
      if (error instanceof Found) return error.message
      throw error
    }
  }

  #value(): void {
    const start = this.#at
    const character = this.#characters[start] ?? ''
    if (character === '"') this.#string()
    else if (character === '{') this.#object()
    else if (character === '[') this.#array()
    else {
      const rest = this.#characters.slice(start, start + 400).join('')
      const plain =
        /^(?:null|true|false|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)/u.exec(
          rest,
        )
      if (!plain) this.#fail('Expecting value', start)
      this.#at += plain[0].length
    }
  }

  #object(): void {
    this.#at += 1
    this.#blanks()
    if (this.#take('}')) return
    for (;;) {
      if (this.#characters[this.#at] !== '"') {
        this.#fail('Expecting property name enclosed in double quotes', this.#at)
      }
      this.#string()
      this.#blanks()
      if (!this.#take(':')) this.#fail("Expecting ':' delimiter", this.#at)
      this.#blanks()
      this.#value()
      this.#blanks()
      if (this.#take('}')) return
      if (!this.#take(',')) this.#fail("Expecting ',' delimiter", this.#at)
      this.#blanks()
    }
  }

  #array(): void {
    this.#at += 1
    this.#blanks()
    if (this.#take(']')) return
    for (;;) {
      this.#value()
      this.#blanks()
      if (this.#take(']')) return
      if (!this.#take(',')) this.#fail("Expecting ',' delimiter", this.#at)
      this.#blanks()
    }
  }

  #string(): void {
    const start = this.#at
    this.#at += 1
    for (;;) {
      const character = this.#characters[this.#at]
      if (character === undefined) this.#fail('Unterminated string starting at', start)
      if (character < ' ') this.#fail('Invalid control character at', this.#at)
      this.#at += 1
      if (character === '"') return
      if (character === '\\') this.#escape(start)
    }
  }

  #escape(start: number): void {
    const character = this.#characters[this.#at]
    if (character === undefined) this.#fail('Unterminated string starting at', start)
    if (character === 'u') {
      const digits = this.#characters.slice(this.#at + 1, this.#at + 5).join('')
      if (!/^[\da-f]{4}$/iu.test(digits)) this.#fail('Invalid \\uXXXX escape', this.#at)
      this.#at += 4
    } else if (!'"\\/bfnrt'.includes(character)) this.#fail('Invalid \\escape', this.#at - 1)
    this.#at += 1
  }

  #take(character: string): boolean {
    if (this.#characters[this.#at] !== character) return false
    this.#at += 1
    return true
  }

  #blanks(): void {
    while (' \t\n\r'.includes(this.#characters[this.#at] ?? '-')) this.#at += 1
  }

  #fail(words: string, at: number): never {
    throw new Found(this.#said(words, at))
  }

  #said(words: string, at: number): string {
    const before = this.#characters.slice(0, at)
    const line = before.filter((character) => character === '\n').length + 1
    return `${words}: line ${line} column ${at - before.lastIndexOf('\n')} (char ${at})`
  }
}
