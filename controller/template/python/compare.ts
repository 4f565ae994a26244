import { Float, keyIn } from '../../../proto/value.ts'
import { Undefined } from '../scope.ts'
import { type Datum, type DatumMap, HostObject, Tuple, isDict, isSequence } from './datum.ts'
import { isNumber, toDouble } from './number.ts'
import type { PythonNumber } from './number.ts'
import { typeError } from './python-error.ts'
import { SoftUndefined } from './soft-undefined.ts'
import { undefinedError } from './text.ts'
import { typeName } from './types.ts'

/** Python's truth of a value. */
export function isTrue(datum: Datum): boolean {
  if (typeof datum === 'boolean') return datum
  if (datum === null) return false
  if (typeof datum === 'string') return datum !== ''
  if (typeof datum === 'number') return datum !== 0
  if (typeof datum === 'bigint') return datum !== 0n
  if (datum instanceof Float) return datum.value !== 0
  if (datum instanceof Undefined) throw undefinedError(datum)
  if (datum instanceof HostObject) return datum.isTrue()
  if (isSequence(datum)) return datum.length > 0
  return datum.size > 0
}

/** Python's `==`: `1 == 1.0 == True`, lists and maps by content. */
export function isEqual(left: Datum, right: Datum): boolean {
  if (left instanceof Undefined) throw undefinedError(left)
  if (right instanceof Undefined) throw undefinedError(right)
  if (left === right) return !(typeof left === 'number' && Number.isNaN(left))
  if (isNumber(left)) return isNumber(right) && numbersEqual(left, right)
  if (left instanceof HostObject) return left.equals(right)
  if (right instanceof HostObject) return right.equals(left)
  if (isSequence(left)) return isSequence(right) && sequencesEqual(left, right)
  return isDict(left) && isDict(right) && dictsEqual(left, right)
}

function numbersEqual(left: PythonNumber, right: PythonNumber): boolean {
  const a = plain(left)
  const b = plain(right)
  // eslint-disable-next-line eqeqeq -- a bigint and a number compare by value only this way
  return a == b
}

function plain(value: PythonNumber): number | bigint {
  if (typeof value === 'bigint') return value
  return toDouble(value)
}

function sequencesEqual(left: readonly Datum[], right: readonly Datum[]): boolean {
  if (left instanceof Tuple !== right instanceof Tuple) return false
  if (left.length !== right.length) return false
  return left.every((item, index) => isEqual(item, right[index] ?? null))
}

function dictsEqual(left: DatumMap, right: DatumMap): boolean {
  if (left.size !== right.size) return false
  for (const [key, value] of left) {
    const other = right.get(keyIn(right, key))
    if (other === undefined || !isEqual(value, other)) return false
  }
  return true
}

/**
 * Orders two values as Python's `<` and `>` do.
 *
 * @returns Negative, zero or positive; NaN when neither holds.
 * @throws {PythonError} `TypeError` when Python cannot order them.
 */
export function compare(left: Datum, right: Datum, operator = '<'): number {
  if (left instanceof Undefined) throw undefinedError(left)
  if (right instanceof Undefined) throw undefinedError(right)
  if (left instanceof SoftUndefined) throw left.error()
  if (right instanceof SoftUndefined) throw right.error()
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right)
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  if (isSequence(left) && isSequence(right) && left instanceof Tuple === right instanceof Tuple) {
    return compareSequences(left, right, operator)
  }
  const order = left instanceof HostObject ? left.compare(right) : undefined
  if (order !== undefined) return order
  throw typeError(
    `'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  )
}

function compareNumbers(left: PythonNumber, right: PythonNumber): number {
  const a = plain(left)
  const b = plain(right)
  if (a < b) return -1
  if (a > b) return 1
  return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : 0
}

/** Orders two strings by code points, as Python does. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index)
    const b = right.charCodeAt(index)
    if (a !== b) return surrogatesLast(a) - surrogatesLast(b)
  }
  return left.length - right.length
}

/** UTF-16 puts surrogates below U+E000; code point order puts them last. */
function surrogatesLast(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit
}

function compareSequences(
  left: readonly Datum[],
  right: readonly Datum[],
  operator: string,
): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index += 1) {
    const a = left[index] ?? null
    const b = right[index] ?? null
    if (!isEqual(a, b)) return compare(a, b, operator)
  }
  return left.length - right.length
}
