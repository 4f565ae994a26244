/** Characters beside `\s` that Python takes for blanks, as ranges inside a character class. */
const MORE_BLANKS = String.raw`\u001c-\u001f\u0085`

/** Characters at which Python's `splitlines` breaks a text, as ranges inside a character class. */
const LINE_BREAKS = String.raw`\n\r\v\f\u001c-\u001e\u0085\u2028\u2029`

/** One or more of Python's blanks. */
export const BLANKS: RegExp = new RegExp(`[\\s${MORE_BLANKS}]+`, 'u')

const LEADING = new RegExp(`^[\\s${MORE_BLANKS}]+`, 'u')
const TRAILING = new RegExp(`[\\s${MORE_BLANKS}]+$`, 'u')
const LINE = new RegExp(`[^${LINE_BREAKS}]*(?:\\r\\n|[${LINE_BREAKS}]|$)`, 'gu')
const LINE_END = new RegExp(`(?:\\r\\n|[${LINE_BREAKS}])$`, 'u')

/** The text without blanks at its start. */
export function withoutLeading(text: string): string {
  return text.replace(LEADING, '')
}

/** The text without blanks at its end. */
export function withoutTrailing(text: string): string {
  return text.replace(TRAILING, '')
}

/** Python's `splitlines`. */
export function splitLines(text: string, keepsEnds = false): string[] {
  const lines = (text.match(LINE) ?? []).filter((line) => line !== '')
  return keepsEnds ? lines : lines.map((line) => line.replace(LINE_END, ''))
}
