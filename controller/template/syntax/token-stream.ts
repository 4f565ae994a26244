import { PythonError } from '../python/python-error.ts'
import type { Place } from './nodes.ts'
import { type Token, type TokenKind, describeToken } from './tokens.ts'

/** Reads tokens one by one, with a look ahead. */
export class TokenStream {
  readonly #source: Iterator<Token>
  readonly #buffer: Token[] = []
  #last: Token = { kind: 'end', text: '', at: 0, line: 1, column: 1 }

  constructor(source: Iterable<Token>) {
    this.#source = source[Symbol.iterator]()
  }

  /** The token `ahead` places on, without taking it. */
  look(ahead = 0): Token {
    while (this.#buffer.length <= ahead) {
      const next = this.#source.next()
      if (next.done !== true) this.#last = next.value
      this.#buffer.push(this.#last)
    }
    return this.#buffer[ahead] ?? this.#last
  }

  /** Takes the next token. */
  take(): Token {
    const token = this.look()
    this.#buffer.shift()
    return token
  }

  /** Where the next token is. */
  place(): Place {
    const { line, column } = this.look()
    return { line, column }
  }

  is(kind: TokenKind, text?: string, ahead = 0): boolean {
    const token = this.look(ahead)
    return token.kind === kind && (text === undefined || token.text === text)
  }

  /** Takes the next token if it is this one. */
  skip(kind: TokenKind, text?: string): boolean {
    if (!this.is(kind, text)) return false
    this.take()
    return true
  }

  /** Takes the next token, which must be this one. */
  expect(kind: TokenKind, text?: string): Token {
    if (this.is(kind, text)) return this.take()
    const wanted = describeToken({ kind, text: text ?? kind, at: 0, line: 0, column: 0 })
    const name = kind === 'name' && text === undefined ? 'name' : wanted
    const token = this.look()
    if (token.kind === 'end') {
      throw this.fail(`unexpected end of template, expected '${name}'.`)
    }
    throw this.fail(`expected token '${name}', got '${describeToken(token)}'`)
  }

  /** A mistake at the next token. */
  fail(message: string): PythonError {
    const error = new PythonError('TemplateSyntaxError', message)
    const { line, column } = this.look()
    error.line = line
    error.column = column
    return error
  }
}
