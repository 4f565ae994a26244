import { ErrandError } from '../../proto/errors.ts'

/**
 * Takes a command apart into words as Python's shlex.split does: quotes join, a backslash keeps the next character,
 * inside double quotes only before `"` and `\`.
 *
 * @throws {ErrandError} `invalid` for a quote that is not closed or a backslash at the end.
 */
export function shellWords(text: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let quote: '"' | "'" | undefined
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    const next = text[at + 1]
    if (quote === undefined && /[ \t\r\n]/u.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === quote) {
      quote = undefined
    } else if (quote === undefined && (character === '"' || character === "'")) {
      quote = character
      word ??= ''
    } else if (
      character === '\\' &&
      quote !== "'" &&
      (quote === undefined || next === '"' || next === '\\')
    ) {
      if (next === undefined) throw new ErrandError('invalid', 'No escaped character')
      word = (word ?? '') + next
      at += 1
    } else {
      word = (word ?? '') + character
    }
  }
  if (quote !== undefined) throw new ErrandError('invalid', 'No closing quotation')
  if (word !== undefined) words.push(word)
  return words
}

/** One word for a POSIX shell, quoted only where it must be. */
export function quoteWord(word: string): string {
  if (word !== '' && /^[\w@%+=:,./-]+$/u.test(word)) return word
  return `'${word.replaceAll("'", `'"'"'`)}'`
}
