import { Float } from '../../../proto/value.ts'
import { Undefined } from '../scope.ts'
import { type Datum, HostObject, Tuple, isSequence } from './datum.ts'
import { isNumber, numberText } from './number.ts'
import { PythonError, limitError } from './python-error.ts'

const MAX_DEPTH = 200

/**
 * Python's `str()`.
 *
 * @throws {PythonError} `UndefinedError` for what is undefined.
 */
export function toText(datum: Datum): string {
  if (typeof datum === 'string') return datum
  if (datum instanceof Undefined) throw undefinedError(datum)
  if (datum instanceof HostObject) return datum.text()
  return pythonRepr(datum)
}

/** Python's `repr()`. */
export function pythonRepr(datum: Datum, depth = 0): string {
  if (depth > MAX_DEPTH) throw limitError('a value is nested too deeply to print')
  if (datum === null) return 'None'
  if (typeof datum === 'string') return stringRepr(datum)
  if (datum instanceof HostObject) return datum.repr()
  if (datum instanceof Undefined) throw undefinedError(datum)
  if (isNumber(datum) || datum instanceof Float) return numberText(datum)
  const inner = (part: Datum): string => pythonRepr(part, depth + 1)
  if (datum instanceof Tuple) {
    return datum.length === 1 ? `(${inner(datum[0] ?? null)},)` : `(${joined(datum, inner)})`
  }
  if (isSequence(datum)) return `[${joined(datum, inner)}]`
  const entries = Array.from(datum, ([key, value]) => `${inner(key)}: ${inner(value)}`)
  return `{${entries.join(', ')}}`
}

function joined(items: readonly Datum[], print: (item: Datum) => string): string {
  return Array.from(items, print).join(', ')
}

/** The error that using `datum` raises. */
export function undefinedError(datum: Undefined): PythonError {
  return new PythonError('UndefinedError', datum.hint)
}

const named: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
}
const UNPRINTABLE = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/gu

/** Python's `repr()` of a string: single quotes unless only those occur in it. */
export function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(UNPRINTABLE, escapeCharacter)
  return quote === "'" ? `'${body.replaceAll("'", "\\'")}'` : `"${body}"`
}

function escapeCharacter(character: string): string {
  if (character === ' ') return ' '
  const short = named[character]
  if (short !== undefined) return short
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
