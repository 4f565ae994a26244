import { ErrandError } from '../../../proto/errors.ts'

/**
 * Splits a line into words as a shell would: quotes and backslashes, nothing else.
 *
 * @throws {ErrandError} `invalid` for a quote that is not closed.
 */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  for (const [token] of text.matchAll(/\s+|'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\]+|['"\\]/gsu)) {
    if (/^\s/u.test(token)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + unquoted(token, text)
  }
  return word === undefined ? words : [...words, word]
}

function unquoted(token: string, text: string): string {
  if (token.length === 1 && /['"\\]/u.test(token)) {
    throw new ErrandError('invalid', `a quote is not closed in: ${text}`)
  }
  if (token.startsWith("'")) return token.slice(1, -1)
  if (token.startsWith('"')) return token.slice(1, -1).replaceAll(/\\(["\\$`])/gu, '$1')
  return token.startsWith('\\') ? token.slice(1) : token
}

/** One word for a POSIX shell that stands for exactly this text. */
export function quoteWord(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
