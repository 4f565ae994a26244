import { Float, floatText } from '../../../proto/value.ts'
import type { Datum } from './datum.ts'
import { PythonError, valueError } from './python-error.ts'

/** A Python number as the evaluator holds it. */
export type PythonNumber = number | bigint | Float | boolean

/** True for int, float and bool, as in Python. */
export function isNumber(datum: Datum): datum is PythonNumber {
  const kind = typeof datum
  return kind === 'number' || kind === 'bigint' || kind === 'boolean' || datum instanceof Float
}

/** True for a Python float. */
export function isFloat(datum: Datum): datum is number | Float {
  return datum instanceof Float || (typeof datum === 'number' && !Number.isInteger(datum))
}

/** True for a Python int or bool. */
export function isInteger(datum: Datum): datum is number | bigint | boolean {
  return isNumber(datum) && !isFloat(datum)
}

/** The float `value`, kept apart from an int when it is whole. */
export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value
}

/** The int `value`, as a number where that is exact. */
export function integer(value: bigint): number | bigint {
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}

/** A number as JavaScript's double. */
export function toDouble(value: PythonNumber): number {
  if (value instanceof Float) return value.value
  return Number(value)
}

/** An int of Python as a bigint. */
export function toBigInt(value: number | bigint | boolean): bigint {
  return BigInt(value)
}

/** The int nearest to zero from a double. */
export function truncate(value: number): number | bigint {
  if (Number.isNaN(value)) throw valueError('cannot convert float NaN to integer')
  if (!Number.isFinite(value)) {
    throw new PythonError('OverflowError', 'cannot convert float infinity to integer')
  }
  const whole = Math.trunc(value)
  return Number.isSafeInteger(whole) ? whole + 0 : integer(BigInt(whole))
}

/** How Python prints a number. */
export function numberText(value: PythonNumber): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Float) return pythonFloatText(value.value)
  return Number.isInteger(value) ? integerText(value) : pythonFloatText(value)
}

function integerText(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString()
}

function pythonFloatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return floatText(value)
}

const INTEGER = /^[+-]?\d+(?:_\d+)*$/u
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/iu
const SPECIAL = /^([+-]?)(inf|infinity|nan)$/iu

/** Python's `int(text, base)`; nothing when it does not read. */
export function parseInteger(source: string, base = 10): number | bigint | undefined {
  const text = source.trim()
  if (base === 10) {
    return INTEGER.test(text)
      ? integer(
          BigInt(text.replaceAll('_', '').replace(/^\+/u, '').replace(/^-/u, '')) *
            (text.startsWith('-') ? -1n : 1n),
        )
      : undefined
  }
  return parseInBase(text.toLowerCase().replaceAll('_', ''), base)
}

function parseInBase(text: string, base: number): number | bigint | undefined {
  const found = /^([+-]?)(0[xob])?([0-9a-z]+)$/u.exec(text)
  if (!found) return undefined
  const [, sign = '', prefix = '', digits = ''] = found
  const prefixes: Readonly<Record<string, number>> = { '0x': 16, '0o': 8, '0b': 2 }
  const inPrefix = prefix === '' ? undefined : prefixes[prefix]
  if (inPrefix !== undefined && base !== 0 && base !== inPrefix) {
    return parseDigits(`${prefix}${digits}`, base, sign)
  }
  return parseDigits(digits, base === 0 ? (inPrefix ?? 10) : base, sign)
}

function parseDigits(digits: string, base: number, sign: string): number | bigint | undefined {
  let total = 0n
  for (const digit of digits) {
    const value = Number.parseInt(digit, 36)
    if (!(value < base)) return undefined
    total = total * BigInt(base) + BigInt(value)
  }
  return integer(sign === '-' ? -total : total)
}

/** Python's `float(text)`; nothing when it does not read. */
export function parseFloatText(source: string): number | undefined {
  const text = source.trim()
  const special = SPECIAL.exec(text)
  if (special) {
    const size = special[2]?.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY
    return special[1] === '-' ? -size : size
  }
  return FLOAT.test(text) ? Number(text.replaceAll('_', '')) : undefined
}

/** Python's `round(value)` to an even neighbour, as a double. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** Python's `round(value, digits)`: correct on the exact decimal value of the double. */
export function roundTo(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 22) return value
  if (digits <= 0) {
    const scale = 10 ** -digits
    return roundHalfEven(value / scale) * scale
  }
  return Number(exactFixed(value, digits))
}

/** `value` with exactly `digits` digits after the point, ties to even on its exact binary value. */
export function exactFixed(value: number, digits: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const [mantissa, exponent] = decompose(Math.abs(value))
  // value = mantissa * 2^exponent; scaled = value * 10^digits as a fraction of bigints
  let numerator = mantissa * 10n ** BigInt(digits)
  let denominator = 1n
  if (exponent >= 0) numerator <<= BigInt(exponent)
  else denominator <<= BigInt(-exponent)
  let whole = numerator / denominator
  const twice = (numerator % denominator) * 2n
  if (twice > denominator || (twice === denominator && whole % 2n === 1n)) whole += 1n
  const text = whole.toString().padStart(digits + 1, '0')
  if (digits === 0) return sign + text
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

function decompose(value: number): [bigint, number] {
  if (value === 0) return [0n, 0]
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  return exponent === 0 ? [fraction, -1074] : [fraction | 0x10000000000000n, exponent - 1075]
}
