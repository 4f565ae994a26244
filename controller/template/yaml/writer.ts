import { isBreak, isPrintable } from './analyze.ts'

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
])

/** Writes the marks and texts of YAML, and knows the column and whether blanks precede. */
export class YamlWriter {
  readonly #width: number
  #text = ''
  #column = 0
  #isAfterBlank = true
  #isIndenting = true
  /** The column that lines begin at; below 0 outside of everything. */
  indent = -1

  constructor(width: number) {
    this.#width = width
  }

  get text(): string {
    return this.#text
  }

  get isTooWide(): boolean {
    return this.#column > this.#width
  }

  get isIndenting(): boolean {
    return this.#isIndenting
  }

  /** Writes a mark such as `-` or `[`. */
  mark(
    mark: string,
    options: {
      readonly afterBlank?: boolean
      readonly isBlank?: boolean
      readonly isIndent?: boolean
    } = {},
  ): void {
    if (options.afterBlank === true && !this.#isAfterBlank) this.#put(' ')
    this.#put(mark)
    this.#isAfterBlank = options.isBlank ?? false
    this.#isIndenting &&= options.isIndent ?? false
  }

  /** Goes to the indent, on a new line unless it is just there. */
  newLine(): void {
    const indent = Math.max(this.indent, 0)
    if (
      !this.#isIndenting ||
      this.#column > indent ||
      (this.#column === indent && !this.#isAfterBlank)
    ) {
      this.#break()
    }
    if (this.#column < indent) this.#put(' '.repeat(indent - this.#column))
    this.#isAfterBlank = true
    this.#isIndenting = true
  }

  plain(text: string, options: { readonly canBreak: boolean; readonly isInFlow: boolean }): void {
    if (!this.#isAfterBlank && (text !== '' || options.isInFlow)) this.#put(' ')
    const characters = Array.from(text)
    let isAfterSpace = false
    characters.forEach((character, place) => {
      if (character === ' ') {
        const breaks =
          options.canBreak && !isAfterSpace && this.isTooWide && characters[place + 1] !== ' '
        if (breaks) this.newLine()
        else this.#put(character)
      } else {
        this.#put(character)
        this.#isIndenting = false
      }
      isAfterSpace = character === ' '
    })
    this.#isAfterBlank = false
    this.#isIndenting = false
  }

  singleQuoted(text: string, canBreak: boolean): void {
    this.mark("'", { afterBlank: true })
    const characters = Array.from(text)
    let isAfterSpace = false
    let isAfterBreak = false
    characters.forEach((character, place) => {
      if (character === ' ') {
        const isInside = place > 0 && place < characters.length - 1
        const breaks =
          canBreak && !isAfterSpace && this.isTooWide && isInside && characters[place + 1] !== ' '
        if (breaks) this.newLine()
        else this.#put(character)
      } else if (isBreak(character)) {
        if (!isAfterBreak && character === '\n') this.#break()
        this.#break(character)
        this.#isIndenting = true
      } else {
        if (isAfterBreak) this.newLine()
        this.#put(character === "'" ? "''" : character)
        this.#isIndenting = false
      }
      isAfterSpace = character === ' '
      isAfterBreak = isBreak(character)
    })
    if (isAfterBreak) this.newLine()
    this.mark("'")
    this.#isIndenting = false
  }

  doubleQuoted(text: string, canBreak: boolean): void {
    this.mark('"', { afterBlank: true })
    const characters = Array.from(text)
    let isAfterSpace = false
    characters.forEach((character, place) => {
      if (character === ' ') {
        const isInside = place > 0 && place < characters.length - 1
        if (canBreak && !isAfterSpace && this.isTooWide && isInside) {
          this.newLine()
          if (characters[place + 1] === ' ') this.#put('\\')
        } else this.#put(character)
      } else this.#put(escaped(character))
      isAfterSpace = character === ' '
    })
    this.mark('"')
    this.#isIndenting = false
  }

  /** Writes `|` and the lines below it, as they are. */
  literal(text: string, indent: number): void {
    const lines = text.split('\n')
    const isOpen = lines.at(-1) !== ''
    if (!isOpen) lines.pop()
    const keep = isOpen ? '-' : lines.at(-1) === '' ? '+' : ''
    this.mark(`|${/^[ \n]/u.test(text) ? indent : ''}${keep}`, { afterBlank: true })
    for (const line of lines) {
      this.#break()
      if (line !== '') this.#put(' '.repeat(Math.max(this.indent, 0)) + line)
    }
    this.#isIndenting = false
    this.#isAfterBlank = false
  }

  /** Writes a whole line of its own. */
  line(text: string): void {
    if (this.#column > 0) this.#break()
    this.#put(text)
    this.#break()
    this.#isAfterBlank = true
    this.#isIndenting = true
  }

  /** Ends the last line. */
  finish(): void {
    if (this.#column > 0) this.#break()
  }

  #put(text: string): void {
    this.#text += text
    this.#column += Array.from(text).length
  }

  #break(character = '\n'): void {
    this.#text += character
    this.#column = 0
  }
}

function escaped(character: string): string {
  const isPlain =
    isPrintable(character) && !isBreak(character) && character !== '"' && character !== '\\'
  if (isPlain) return character
  const code = character.codePointAt(0) ?? 0
  const short = ESCAPES.get(code)
  if (short !== undefined) return `\\${short}`
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
