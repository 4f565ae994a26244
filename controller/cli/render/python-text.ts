import { Float, floatText, isList, isMap, isMoment, type Value } from '../../../proto/value.ts'

/** A value as Python's `str()` writes it. */
export function pythonText(value: Value): string {
  return typeof value === 'string' ? value : pythonRepr(value)
}

/** A value as Python's `repr()` writes it. */
export function pythonRepr(value: Value): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : specialFloat(value)
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Float) return floatText(value.value)
  if (isList(value)) return `[${value.map(pythonRepr).join(', ')}]`
  if (isMap(value)) {
    const entries = Array.from(value, ([key, part]) => `${pythonRepr(key)}: ${pythonRepr(part)}`)
    return `{${entries.join(', ')}}`
  }
  return isMoment(value) ? value.text() : String(value)
}

function specialFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return floatText(value)
}

/** Single quotes, unless the text has some and no double ones. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = Array.from(text, (letter) => {
    if (letter === quote || letter === '\\') return `\\${letter}`
    return unprintable.test(letter) ? escapeOf(letter) : letter
  })
  return quote + escaped.join('') + quote
}

const unprintable = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeOf(letter: string): string {
  const known = short[letter]
  if (known !== undefined) return known
  const code = letter.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`
  return `\\U${code.toString(16).padStart(8, '0')}`
}
