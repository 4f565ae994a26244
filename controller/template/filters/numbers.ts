import { define } from '../define.ts'
import { sign } from '../python/arithmetic.ts'
import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import {
  float,
  isFloat,
  isNumber,
  parseFloatText,
  parseInteger,
  roundTo,
  toDouble,
  truncate,
} from '../python/number.ts'
import { filterError, typeError, valueError } from '../python/python-error.ts'
import { toText } from '../python/text.ts'
import { typeName } from '../python/types.ts'
import type { Table } from '../registry.ts'
import { bytesToHuman, fileSize, humanToBytes } from './human-size.ts'
import { randomChoice, shuffled } from './random.ts'

/** Filters that read and change numbers. */
export const numberFilters: Table<Datum> = {
  int: define(
    'default base',
    (value, [otherwise = 0, base = 10]) => toInt(value, Number(base)) ?? otherwise,
  ),
  float: define(
    'default',
    (value, [otherwise = 0]) => toFloat(value) ?? (otherwise === 0 ? float(0) : otherwise),
  ),
  abs: define('', (value) => {
    if (!isNumber(value)) throw typeError(`bad operand type for abs(): '${typeName(value)}'`)
    return toDouble(value) < 0 ? sign('-', value) : sign('+', value)
  }),
  round: define('precision method', (value, [precision = 0, method = 'common']) =>
    round(value, Number(precision), toText(method)),
  ),
  log: define('base', (value, [base]) => {
    const size = number(value, 'log')
    if (size <= 0) throw valueError('math domain error')
    if (base === undefined) return float(Math.log(size))
    const root = number(base, 'log')
    return float(root === 10 ? Math.log10(size) : Math.log(size) / Math.log(root))
  }),
  pow: define('y', (value, [power = 1]) => float(number(value, 'pow') ** number(power, 'pow'))),
  root: define('base', (value, [base = 2]) => {
    const degree = number(base, 'root')
    const size = number(value, 'root')
    if (size < 0) throw typeError('root() can only be used on numbers: math domain error')
    return float(degree === 2 ? Math.sqrt(size) : size ** (1 / degree))
  }),
  random: define('start step seed', (value, args, context) => randomChoice(value, args, context)),
  shuffle: define('seed', (value, [seed = null]) => shuffled(value, seed)),
  human_readable: define('isbits unit', (value, [isBits = false, unit = null]) =>
    bytesToHuman(value, isTrue(isBits), unit === null ? undefined : toText(unit)),
  ),
  human_to_bytes: define('default_unit isbits', (value, [unit = null, isBits = false]) =>
    humanToBytes(toText(value), unit === null ? undefined : toText(unit), isTrue(isBits)),
  ),
  filesizeformat: define('binary', (value, [isBinary = false]) =>
    fileSize(value, isTrue(isBinary)),
  ),
}

function number(value: Datum, name: string): number {
  if (isNumber(value)) return toDouble(value)
  throw typeError(
    `${name}() can only be used on numbers: must be real number, not ${typeName(value)}`,
  )
}

function toInt(value: Datum, base: number): Datum | undefined {
  if (typeof value === 'string') {
    const whole = parseInteger(value, base)
    if (whole !== undefined) return whole
    const double = parseFloatText(value)
    return double === undefined || Number.isNaN(double) ? undefined : truncate(double)
  }
  if (!isNumber(value)) return undefined
  if (typeof value === 'boolean') return Number(value)
  if (!isFloat(value)) return value
  const double = toDouble(value)
  if (Number.isNaN(double)) return undefined
  return truncate(double)
}

function toFloat(value: Datum): Datum | undefined {
  if (isNumber(value)) return float(toDouble(value))
  const double = typeof value === 'string' ? parseFloatText(value) : undefined
  return double === undefined ? undefined : float(double)
}

function round(value: Datum, precision: number, method: string): Datum {
  if (!['common', 'ceil', 'floor'].includes(method)) {
    throw filterError('method must be common, ceil or floor')
  }
  if (!isNumber(value)) throw typeError(`type ${typeName(value)} doesn't define __round__ method`)
  const size = toDouble(value)
  if (method === 'common') {
    return isFloat(value) ? float(roundTo(size, precision)) : wholeRound(value, precision)
  }
  const scale = 10 ** precision
  return float((method === 'ceil' ? Math.ceil(size * scale) : Math.floor(size * scale)) / scale)
}

function wholeRound(value: Datum, precision: number): Datum {
  if (!isNumber(value) || precision >= 0) return typeof value === 'boolean' ? Number(value) : value
  return truncate(roundTo(toDouble(value), precision))
}
