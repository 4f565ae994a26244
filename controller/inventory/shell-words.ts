/**
 * Splits a line as Python's shlex does in POSIX mode: quotes, backslashes, and `#` starts a comment.
 *
 * @throws {SyntaxError} `No closing quotation` or `No escaped character`.
 */
export function shellWords(line: string, options: { readonly comments: boolean }): string[] {
  const words: string[] = []
  let word: string | undefined
  let at = 0
  while (at < line.length) {
    const character = line.charAt(at)
    if (/\s/u.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
      at += 1
    } else if (character === '#' && options.comments) {
      break
    } else {
      const { text, next } = piece(line, at)
      word = (word ?? '') + text
      at = next
    }
  }
  if (word !== undefined) words.push(word)
  return words
}

interface Piece {
  readonly text: string
  readonly next: number
}

function piece(line: string, at: number): Piece {
  const character = line.charAt(at)
  if (character === '\\') {
    if (at + 1 >= line.length) throw new SyntaxError('No escaped character')
    return { text: line.charAt(at + 1), next: at + 2 }
  }
  if (character !== '"' && character !== "'") return { text: character, next: at + 1 }
  const pattern = character === '"' ? /"((?:[^"\\]|\\[^])*)"/uy : /'([^']*)'/uy
  pattern.lastIndex = at
  const found = pattern.exec(line)
  if (!found) throw new SyntaxError('No closing quotation')
  const body = found[1] ?? ''
  const text = character === '"' ? body.replace(/\\(["\\])/gu, '$1') : body
  return { text, next: pattern.lastIndex }
}
