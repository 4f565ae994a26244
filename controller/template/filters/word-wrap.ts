import { splitLines } from '../python/blanks.ts'

/** How a text is wrapped. */
export interface WrapOptions {
  readonly width: number
  readonly breaksWords: boolean
  readonly newline: string
  readonly breaksHyphens: boolean
}

/** Wraps each line of a text at `width`, with the words and hyphens of Python's `textwrap`. */
export function wordWrap(text: string, options: WrapOptions): string {
  return splitLines(text)
    .map((line) => new Wrapper(line, options).lines().join(options.newline))
    .join(options.newline)
}

class Wrapper {
  readonly #chunks: string[]
  readonly #options: WrapOptions

  constructor(line: string, options: WrapOptions) {
    this.#chunks = chunksOf(line, options.breaksHyphens)
    this.#options = options
  }

  lines(): readonly string[] {
    const lines: string[] = []
    while (this.#chunks.length > 0) {
      if (lines.length > 0 && this.#chunks[0]?.trim() === '') this.#chunks.shift()
      const words = this.#line()
      if (words.at(-1)?.trim() === '') words.pop()
      if (words.length > 0) lines.push(words.join(''))
    }
    return lines
  }

  #line(): string[] {
    const words: string[] = []
    let used = 0
    for (let next = this.#chunks[0]; next !== undefined; next = this.#chunks[0]) {
      if (used + next.length > this.#options.width) break
      words.push(next)
      used += next.length
      this.#chunks.shift()
    }
    const [long] = this.#chunks
    if (long !== undefined && long.length > this.#options.width) this.#breakWord(long, words, used)
    return words
  }

  #breakWord(long: string, words: string[], used: number): void {
    const room = this.#options.width < 1 ? 1 : this.#options.width - used
    if (!this.#options.breaksWords) {
      if (words.length === 0) words.push(this.#chunks.shift() ?? '')
      return
    }
    const hyphen =
      this.#options.breaksHyphens && long.length > room ? long.lastIndexOf('-', room - 1) : -1
    const end = hyphen > 0 && /[^-]/u.test(long.slice(0, hyphen)) ? hyphen + 1 : room
    words.push(long.slice(0, end))
    this.#chunks[0] = long.slice(end)
  }
}

const WORD = '[\\p{L}\\p{N}_!"\'&.,?]'
const LETTER = '[\\p{L}_]'
/** Blanks, dashes between words, or a word up to a hyphen inside it. */
const CHUNKS = new RegExp(
  [
    '\\s+',
    `(?<=${WORD})-{2,}(?=[\\p{L}\\p{N}_])`,
    `[^\\s]+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=\\s|$)|(?<=${WORD})(?=-{2,}[\\p{L}\\p{N}_]))`,
  ].join('|'),
  'gu',
)

function chunksOf(line: string, breaksHyphens: boolean): string[] {
  return line.match(breaksHyphens ? CHUNKS : /\s+|\S+/gu) ?? []
}
