const lineEnd = 10

/** A line longer than this is shown in parts, so that memory stays bounded. */
const longestLine = 16 * 1024

/** Lines of text out of the bytes that a program prints, as they may be shown on a terminal. */
export class TextLines {
  #rest = Buffer.alloc(0)
  #sinceMs = 0

  /** The lines that are whole with `data`. */
  add(data: Uint8Array, nowMs: number): readonly string[] {
    const lines: string[] = []
    let bytes = this.#rest.length === 0 ? Buffer.from(data) : Buffer.concat([this.#rest, data])
    for (let end = nextEnd(bytes); end >= 0; end = nextEnd(bytes)) {
      lines.push(shownText(bytes.subarray(0, end)))
      bytes = bytes.subarray(bytes[end] === lineEnd ? end + 1 : end)
    }
    this.#rest = Buffer.from(bytes)
    this.#sinceMs = nowMs
    return lines
  }

  /** Since when nothing was added to a last line without an end; undefined when it has one. */
  get openSinceMs(): number | undefined {
    return this.#rest.length === 0 ? undefined : this.#sinceMs
  }

  /** What the last line has without an end. */
  rest(): readonly string[] {
    const rest = this.#rest
    this.#rest = Buffer.alloc(0)
    return rest.length === 0 ? [] : [shownText(rest)]
  }
}

function nextEnd(bytes: Buffer): number {
  const end = bytes.indexOf(lineEnd)
  if (end >= 0 && end <= longestLine) return end
  return bytes.length > longestLine ? cutBefore(bytes, longestLine) : -1
}

/** Not in the middle of a character. */
function cutBefore(bytes: Buffer, end: number): number {
  let at = end
  while (at > end - 4 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1
  return at
}

/**
 * What a terminal would show at last of a line that carriage returns write over, and nothing that moves its cursor or
 * changes its colours: `\x1b` in place of such a character, U+FFFD in place of bytes that are no text.
 */
function shownText(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  const last = text.split('\r').findLast((part) => part !== '') ?? ''
  return last.replaceAll(
    /[^\P{Cc}\t]/gu,
    (char) => `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
  )
}
