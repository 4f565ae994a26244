import { PythonError } from '../python/python-error.ts'

const ESCAPE =
  /\\(?:(\n)|([\\'"abfnrtv])|([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([xuUN]))/gu
const short: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** The text that a quoted literal stands for: Python's escapes, an unknown one kept as it is. */
export function unescapeLiteral(body: string): string {
  if (!body.includes('\\')) return body
  return body.replace(ESCAPE, (_match, newline, letter, octal, byte, short4, long8, broken) => {
    if (newline !== undefined) return ''
    if (letter !== undefined) return short[String(letter)] ?? ''
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(String(octal), 8))
    if (broken !== undefined) {
      throw new PythonError('TemplateSyntaxError', `truncated \\${String(broken)} escape`)
    }
    return String.fromCodePoint(Number.parseInt(String(byte ?? short4 ?? long8), 16))
  })
}
