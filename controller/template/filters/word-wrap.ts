/** How a text is wrapped. */
export interface WrapOptions {
  readonly width: number
  readonly breaksWords: boolean
  readonly newline: string
  readonly breaksHyphens: boolean
}

/** Wraps each line of a text at `width`, as Python's `textwrap` does without touching blanks. */
export function wordWrap(text: string, options: WrapOptions): string {
  return text
    .split(/\r\n|\r|\n/u)
    .map((line) => wrapLine(line, options).join(options.newline))
    .join(options.newline)
}

function wrapLine(line: string, options: WrapOptions): readonly string[] {
  const { width } = options
  const chunks = chunksOf(line, options.breaksHyphens)
  const lines: string[] = []
  let current = ''
  while (chunks.length > 0) {
    const chunk = chunks.shift() ?? ''
    if (current.length + chunk.length <= width) {
      current += chunk
    } else if (chunk.length > width && options.breaksWords) {
      const room = Math.max(1, width - current.length)
      lines.push(trimmedEnd(current + chunk.slice(0, room)))
      chunks.unshift(chunk.slice(room))
      current = ''
    } else if (current === '') {
      lines.push(chunk)
    } else {
      lines.push(trimmedEnd(current))
      current = ''
      if (chunk.trim() !== '') chunks.unshift(chunk)
    }
  }
  if (trimmedEnd(current) !== '' || lines.length === 0) lines.push(trimmedEnd(current))
  return lines
}

function chunksOf(line: string, breaksHyphens: boolean): string[] {
  const pattern = breaksHyphens ? /\s+|[^\s-]*[^\s\W]-+(?=\w)|[^\s-]+-*|-+/gu : /\s+|\S+/gu
  return line.match(pattern) ?? []
}

function trimmedEnd(text: string): string {
  return text.replace(/\s+$/u, '')
}
