import { PythonError } from '../python/python-error.ts'
import type { Syntax } from './delimiters.ts'
import type { Token, TokenKind } from './tokens.ts'

const OPERATORS = [
  '//',
  '**',
  '==',
  '!=',
  '>=',
  '<=',
  '+',
  '-',
  '/',
  '*',
  '%',
  '~',
  '[',
  ']',
  '(',
  ')',
  '{',
  '}',
  '>',
  '<',
  '=',
  '.',
  ':',
  '|',
  ',',
  ';',
]
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' }

const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iuy
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iuy
const NAME = /[\p{L}\p{M}\p{N}\p{Pc}]+/uy
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/uy
const BLANKS = /\s+/uy

/** What a scanner is told beside the text. */
export interface LexerOptions {
  readonly syntax: Syntax
}

/**
 * Cuts a template into tokens, one at a time, so that an earlier mistake of grammar is told before a later one of
 * spelling.
 *
 * @throws {PythonError} `TemplateSyntaxError` with Jinja's words.
 */
export class Lexer {
  readonly #source: string
  readonly #syntax: Syntax
  readonly #markers: RegExp
  #at = 0
  #line = 1
  #lineStart = 0
  #isAtLineStart = true

  constructor(source: string, { syntax }: LexerOptions) {
    const lines = source.replace(/\r\n|\r/gu, '\n')
    this.#source = syntax.keepTrailingNewline ? lines : lines.replace(/\n$/u, '')
    this.#syntax = syntax
    this.#markers = markerPattern(syntax)
  }

  /** The text as the lexer reads it: newlines made one kind. */
  get source(): string {
    return this.#source
  }

  /** All tokens, ending with one of kind `end`. */
  *tokens(): Generator<Token> {
    while (this.#at < this.#source.length) yield* this.#root()
    yield this.#token('end', '')
  }

  *#root(): Generator<Token> {
    this.#markers.lastIndex = this.#at
    const found = this.#markers.exec(this.#source)
    const text = this.#source.slice(this.#at, found?.index)
    const kind = found ? markerKind(found, this.#syntax) : undefined
    const data = found ? this.#trimmed(text, found, kind === 'variable') : text
    if (data !== '') yield this.#token('data', data)
    this.#advance(text.length)
    if (!found) return
    if (kind === 'raw') yield* this.#raw(found[0])
    else if (kind === 'comment') this.#comment(found[0])
    else if (kind === 'line comment') this.#advance(this.#restOfLine())
    else yield* this.#tag(kind ?? 'block', found[0])
  }

  #trimmed(text: string, found: RegExpExecArray, isVariable: boolean): string {
    const sign = found.groups?.['sign'] ?? found.groups?.['rawSign'] ?? ''
    if (sign === '-') return text.trimEnd()
    if (sign === '+' || !this.#syntax.lstripBlocks || isVariable) return text
    const lineStart = text.lastIndexOf('\n') + 1
    if (lineStart === 0 && !this.#isAtLineStart) return text
    return /^\s+$/u.test(text.slice(lineStart)) ? text.slice(0, lineStart) : text
  }

  *#raw(opening: string): Generator<Token> {
    this.#advance(opening.length)
    const { blockStart, blockEnd, trimBlocks } = this.#syntax
    const end = new RegExp(
      `${quoted(blockStart)}(?<sign>[-+]?)\\s*endraw\\s*(?:\\+${quoted(blockEnd)}|-${quoted(blockEnd)}\\s*|${quoted(blockEnd)}${trimBlocks ? '\\n?' : ''})`,
      'gu',
    )
    end.lastIndex = this.#at
    const found = end.exec(this.#source)
    if (!found) throw this.#error('Missing end of raw directive')
    const text = this.#source.slice(this.#at, found.index)
    const data = this.#trimmed(text, found, false)
    if (data !== '') yield this.#token('data', data)
    this.#advance(text.length + found[0].length)
  }

  #comment(opening: string): void {
    this.#advance(opening.length)
    const { commentEnd, trimBlocks } = this.#syntax
    const mark = quoted(commentEnd)
    const end = new RegExp(`\\+${mark}|-${mark}\\s*|${mark}${trimBlocks ? '\\n?' : ''}`, 'gu')
    end.lastIndex = this.#at
    const found = end.exec(this.#source)
    if (!found) throw this.#error('Missing end of comment tag')
    this.#advance(found.index + found[0].length - this.#at)
  }

  #restOfLine(): number {
    const end = this.#source.indexOf('\n', this.#at)
    return (end < 0 ? this.#source.length : end) - this.#at
  }

  *#tag(kind: 'variable' | 'block' | 'line', opening: string): Generator<Token> {
    yield this.#token(kind === 'variable' ? 'variable_begin' : 'block_begin', opening)
    this.#advance(opening.length)
    yield* this.#expression(endPattern(kind, this.#syntax), kind)
  }

  *#expression(end: RegExp, kind: 'variable' | 'block' | 'line' = 'variable'): Generator<Token> {
    const open: string[] = []
    for (;;) {
      const ended = open.length === 0 ? this.#endAt(end) : undefined
      if (ended !== undefined) {
        yield this.#token(kind === 'variable' ? 'variable_end' : 'block_end', ended)
        this.#advance(ended.length)
        return
      }
      if (this.#at >= this.#source.length) return
      const token = this.#next(open)
      if (token) yield token
    }
  }

  #endAt(end: RegExp): string | undefined {
    end.lastIndex = this.#at
    return end.exec(this.#source)?.[0]
  }

  #next(open: string[]): Token | undefined {
    const blanks = this.#match(BLANKS)
    if (blanks !== undefined) {
      this.#advance(blanks.length)
      return undefined
    }
    const token = this.#scan()
    if (token.kind === 'operator') this.#balance(token.text, open)
    this.#advance(token.text.length)
    return token
  }

  #scan(): Token {
    const kinds: readonly (readonly [TokenKind, RegExp])[] = [
      ['float', FLOAT],
      ['integer', INTEGER],
      ['name', NAME],
      ['string', STRING],
    ]
    for (const [kind, pattern] of kinds) {
      const text = this.#match(pattern)
      if (text !== undefined) return this.#checked(this.#token(kind, text))
    }
    const operator = OPERATORS.find((text) => this.#source.startsWith(text, this.#at))
    if (operator !== undefined) return this.#token('operator', operator)
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0)
    const shown = character === "'" ? `"'"` : `'${character}'`
    throw this.#error(`unexpected char ${shown} at ${this.#at}`)
  }

  #checked(token: Token): Token {
    if (token.kind === 'name' && !/^[\p{L}_]/u.test(token.text)) {
      throw this.#error('Invalid character in identifier')
    }
    return token
  }

  #balance(operator: string, open: string[]): void {
    const closer = Object.hasOwn(CLOSERS, operator) ? CLOSERS[operator] : undefined
    if (closer !== undefined) open.push(closer)
    else if (operator === '}' || operator === ')' || operator === ']') {
      const expected = open.pop()
      if (expected === undefined) throw this.#error(`unexpected '${operator}'`)
      if (expected !== operator) {
        throw this.#error(`unexpected '${operator}', expected '${expected}'`)
      }
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    return pattern.exec(this.#source)?.[0]
  }

  #token(kind: TokenKind, text: string): Token {
    return { kind, text, at: this.#at, line: this.#line, column: this.#at - this.#lineStart + 1 }
  }

  #advance(length: number): void {
    const end = this.#at + length
    let newline = this.#source.indexOf('\n', this.#at)
    while (newline >= 0 && newline < end) {
      this.#line += 1
      this.#lineStart = newline + 1
      newline = this.#source.indexOf('\n', newline + 1)
    }
    if (length > 0) this.#isAtLineStart = this.#source[end - 1] === '\n'
    this.#at = end
  }

  #error(message: string): PythonError {
    const error = new PythonError('TemplateSyntaxError', message)
    error.line = this.#line
    error.column = this.#at - this.#lineStart + 1
    return error
  }
}

function markerPattern(syntax: Syntax): RegExp {
  const block = quoted(syntax.blockStart)
  const raw = `${block}(?<rawSign>[-+]?)\\s*raw\\s*(?:-${quoted(syntax.blockEnd)}\\s*|${quoted(syntax.blockEnd)})`
  const starts = [syntax.variableStart, syntax.blockStart, syntax.commentStart]
  const tags = starts.sort((left, right) => right.length - left.length).map(quoted)
  const parts = [`(?<raw>${raw})`, `(?:${tags.join('|')})(?<sign>[-+]?)`]
  if (syntax.lineStatementPrefix !== undefined) {
    parts.unshift(`(?<line>^[ \\t\\v]*${quoted(syntax.lineStatementPrefix)}[-+]?)`)
  }
  if (syntax.lineCommentPrefix !== undefined) {
    parts.unshift(`(?<lineComment>(?:^|(?<=\\S))[^\\S\\r\\n]*${quoted(syntax.lineCommentPrefix)})`)
  }
  return new RegExp(parts.join('|'), 'gmu')
}

function markerKind(
  found: RegExpExecArray,
  syntax: Syntax,
): 'raw' | 'comment' | 'variable' | 'block' | 'line' | 'line comment' {
  if (found.groups?.['raw'] !== undefined) return 'raw'
  if (found.groups?.['line'] !== undefined) return 'line'
  if (found.groups?.['lineComment'] !== undefined) return 'line comment'
  const mark = found[0].slice(0, found[0].length - (found.groups?.['sign'] ?? '').length)
  if (mark === syntax.commentStart) return 'comment'
  return mark === syntax.variableStart ? 'variable' : 'block'
}

function endPattern(kind: 'variable' | 'block' | 'line', syntax: Syntax): RegExp {
  if (kind === 'line') return /[^\S\n]*(?:\n|(?![\s\S]))/uy
  if (kind === 'variable') {
    const end = quoted(syntax.variableEnd)
    return new RegExp(`-${end}\\s*|${end}`, 'uy')
  }
  const end = quoted(syntax.blockEnd)
  return new RegExp(`\\+${end}|-${end}\\s*|${end}${syntax.trimBlocks ? '\\n?' : ''}`, 'uy')
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
}
