import { newMap } from '../../proto/value.ts'
import type { MutableMap } from '../../proto/value.ts'

/** `k=v` text taken apart. */
export interface KeyValues {
  readonly map: MutableMap
  /** The words that are no `k=v`, joined as they stood; undefined when there are none. */
  readonly raw: string | undefined
}

/** Options of command and shell that may stand among the words of a command. */
const commandOptions = new Set([
  'creates',
  'removes',
  'chdir',
  'executable',
  'warn',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
])

/**
 * Takes `a=1 b="two words" c={{ x }}` apart. With `isFreeForm` only the options of command are taken, all else stays
 * in the text.
 *
 * @throws {SyntaxError} for a quote or a template that is not closed.
 */
export function parseKeyValues(text: string, isFreeForm: boolean): KeyValues {
  const map = newMap()
  const raw: string[] = []
  for (const written of splitArgs(text)) {
    const word = decodeEscapes(written)
    const at = keyEnd(word)
    if (at === undefined) {
      raw.push(word.includes('=') ? word.replaceAll('\\=', '=') : written)
      continue
    }
    const key = word.slice(0, at)
    if (isFreeForm && !commandOptions.has(key)) raw.push(written)
    else map.set(key.trim(), unquote(word.slice(at + 1).trim()))
  }
  return { map, raw: raw.length === 0 ? undefined : joinArgs(raw) }
}

/** Where the `=` after the key is. A `\=` is none, and neither is one at the start. */
function keyEnd(word: string): number | undefined {
  let at = word.indexOf('=', 1)
  while (at > 0 && word[at - 1] === '\\') at = word.indexOf('=', at + 1)
  return at > 0 ? at : undefined
}

/** `"x"` and `'x'` without their quotes. */
function unquote(text: string): string {
  const first = text.charAt(0)
  const isQuoted =
    text.length > 1 && /["']/u.test(first) && text.endsWith(first) && text.at(-2) !== '\\'
  return isQuoted ? text.slice(1, -1) : text
}

function joinArgs(words: readonly string[]): string {
  return words.reduce(
    (text, word) => (text === '' || text.endsWith('\n') ? text + word : `${text} ${word}`),
    '',
  )
}

const escapes = /\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\\'"abfnrtv]))/gu
const escapeCharacters: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    escapes,
    (_all, wide?: string, unicode?: string, byte?: string, one?: string) => {
      if (one !== undefined) return escapeCharacters[one] ?? one
      return String.fromCodePoint(Number.parseInt(wide ?? unicode ?? byte ?? '0', 16))
    },
  )
}

/**
 * Splits on blanks and newlines, but not inside quotes or inside `{{ }}`, `{% %}`, `{# #}`. Blanks that follow
 * each other and newlines stay with the word before them, so that a command keeps its text.
 *
 * @throws {SyntaxError} for a quote or a template that is not closed.
 */
export function splitArgs(text: string): readonly string[] {
  const splitter = new ArgSplitter()
  const lines = text.split('\n')
  lines.forEach((line, index) => {
    splitter.addLine(line, { isLast: index === lines.length - 1, isOnly: lines.length === 1 })
  })
  return splitter.finish(text)
}

class ArgSplitter {
  readonly #words: string[] = []
  readonly #depths = new Map([
    ['{{', 0],
    ['{%', 0],
    ['{#', 0],
  ])
  #quote: string | undefined

  addLine(line: string, where: { readonly isLast: boolean; readonly isOnly: boolean }): void {
    let isContinued = false
    const tokens = line.split(' ')
    tokens.forEach((token, index) => {
      if (token === '' && index !== 0) this.#append(' ')
      else if (token === '\\' && this.#quote === undefined) isContinued = true
      else this.#addToken(token, { index, isSingle: tokens.length === 1 })
    })
    if (!where.isOnly && !where.isLast && !isContinued) this.#append('\n')
  }

  finish(text: string): readonly string[] {
    if (this.#isInTemplate() || this.#quote !== undefined) {
      throw new SyntaxError(`a quote or a template is not closed in: ${text}`)
    }
    return this.#words
  }

  #addToken(token: string, at: { readonly index: number; readonly isSingle: boolean }): void {
    const wasQuoted = this.#quote !== undefined
    const wasInTemplate = this.#isInTemplate()
    this.#quote = quoteAfter(token, this.#quote)
    const isQuoted = this.#quote !== undefined
    let isAdded = true
    if (isQuoted && !wasQuoted && !wasInTemplate) this.#words.push(token)
    else if (wasInTemplate || isQuoted || wasQuoted) this.#glue(token, { ...at, wasQuoted })
    else isAdded = false
    const hasChanged = this.#countTemplates(token)
    if (!isAdded && (hasChanged || token !== '')) this.#words.push(token)
  }

  #glue(
    token: string,
    at: { readonly index: number; readonly isSingle: boolean; readonly wasQuoted: boolean },
  ): void {
    if (at.index === 0 && at.wasQuoted) this.#append(token)
    else if (!at.isSingle) this.#append(at.index > 0 ? ` ${token}` : token)
    else this.#append(`\n${token}`)
  }

  #append(text: string): void {
    const last = this.#words.pop()
    this.#words.push((last ?? '') + text)
  }

  #isInTemplate(): boolean {
    return [...this.#depths.values()].some((depth) => depth > 0)
  }

  #countTemplates(token: string): boolean {
    let hasChanged = false
    for (const [open, depth] of this.#depths) {
      const close = open === '{{' ? '}}' : `${open.charAt(1)}}`
      const next = Math.max(0, depth + count(token, open) - count(token, close))
      hasChanged ||= next !== depth
      this.#depths.set(open, next)
    }
    return hasChanged
  }
}

function quoteAfter(token: string, before: string | undefined): string | undefined {
  let quote = before
  for (let index = 0; index < token.length; index++) {
    const character = token.charAt(index)
    if ((character !== '"' && character !== "'") || token[index - 1] === '\\') continue
    if (quote === undefined) quote = character
    else if (quote === character) quote = undefined
  }
  return quote
}

function count(text: string, part: string): number {
  return text.split(part).length - 1
}
