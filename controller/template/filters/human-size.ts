import type { Datum } from '../python/datum.ts'
import {
  exactFixed,
  isNumber,
  parseFloatText,
  roundHalfEven,
  toDouble,
  truncate,
} from '../python/number.ts'
import { filterError, typeError, valueError } from '../python/python-error.ts'
import { stringRepr } from '../python/text.ts'
import { typeName } from '../python/types.ts'

const UNITS = ['Y', 'Z', 'E', 'P', 'T', 'G', 'M', 'K', 'B']

function limitOf(unit: string): number {
  return 1024 ** (8 - UNITS.indexOf(unit))
}

/** A size in bytes (or bits) for people, with two digits: `1.00 KB`. */
export function bytesToHuman(value: Datum, isBits: boolean, unit: string | undefined): string {
  if (!isNumber(value)) {
    throw typeError(
      `human_readable() failed on bad input: '>=' not supported between instances of '${typeName(value)}' and 'int'`,
    )
  }
  const size = toDouble(value)
  const base = isBits ? 'bits' : 'Bytes'
  const wanted = unit?.toUpperCase()
  const chosen =
    UNITS.find((one) => (wanted === undefined ? size >= limitOf(one) : wanted === one)) ?? 'B'
  return `${exactFixed(size / limitOf(chosen), 2)} ${chosen === 'B' ? base : chosen + (base[0] ?? '')}`
}

/** The bytes (or bits) in a size for people: `2K` is 2048. */
export function humanToBytes(
  text: string,
  defaultUnit: string | undefined,
  isBits: boolean,
): number | bigint {
  const fail = (): never => {
    throw filterError(`human_to_bytes() can't interpret following string: ${text}`)
  }
  const [, digits = '', written] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/u.exec(text) ?? []
  const count = parseFloatText(digits) ?? fail()
  const unit = written ?? defaultUnit
  if (unit === undefined) return truncate(roundHalfEven(count))
  const range = (unit[0] ?? '').toUpperCase()
  if (!UNITS.includes(range)) return fail()
  const unitLetter = isBits ? 'b' : 'B'
  const isNamed = unit.toLowerCase().includes(isBits ? 'bit' : 'byte')
  if (unit.length > 1 && !isNamed && unit[1] !== unitLetter) return fail()
  return truncate(roundHalfEven(count * limitOf(range)))
}

function floatOf(value: Datum): number {
  if (isNumber(value)) return toDouble(value)
  if (typeof value !== 'string') {
    throw typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`)
  }
  const size = parseFloatText(value)
  if (size === undefined)
    throw valueError(`could not convert string to float: ${stringRepr(value)}`)
  return size
}

/** Jinja's `filesizeformat`. */
export function fileSize(value: Datum, isBinary: boolean): string {
  const size = floatOf(value)
  const base = isBinary ? 1024 : 1000
  const names = isBinary
    ? ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']
    : ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']
  if (size === 1) return '1 Byte'
  if (size < base) return `${Math.trunc(size)} Bytes`
  const place = names.findIndex((_name, index) => size < base ** (index + 2))
  const index = place < 0 ? names.length - 1 : place
  return `${exactFixed((base * size) / base ** (index + 2), 1)} ${names[index] ?? ''}`
}
