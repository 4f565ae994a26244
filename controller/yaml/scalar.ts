import { Float } from '../../proto/value.ts'
import type { Value } from '../../proto/value.ts'
import { readMoment } from '../template/python/read-moment.ts'

/**
 * What a plain (unquoted) scalar means, by the rules of PyYAML, which are those of YAML 1.1 but for `y` and `n`.
 *
 * @see https://yaml.org/type/ for the regular expressions this follows.
 */
export function resolvePlain(text: string): Value {
  const first = text.charAt(0)
  if (first === '' || first === '~' || 'nN'.includes(first)) {
    if (/^(?:~|null|Null|NULL|)$/u.test(text)) return null
  }
  if ('yYnNtTfFoO'.includes(first)) return readBoolean(text) ?? text
  if (!/[-+.0-9]/u.test(first)) return text
  return readInteger(text) ?? readFloat(text) ?? readMoment(text) ?? text
}

/** `yes`, `True`, `OFF` …: a boolean, else undefined. */
export function readBoolean(text: string): boolean | undefined {
  if (/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/u.test(text)) return true
  if (/^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/u.test(text)) return false
  return undefined
}

const integer =
  /^[-+]?(?:0b[0-1_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/u

/** An integer in any of YAML 1.1's notations (binary, octal, hexadecimal, base 60), else undefined. */
export function readInteger(text: string): number | bigint | undefined {
  if (!integer.test(text)) return undefined
  const isNegative = text.startsWith('-')
  const digits = text.replace(/^[-+]/u, '').replaceAll('_', '')
  const size = magnitude(digits)
  if (size === undefined) return undefined
  const value = isNegative ? -size : size
  const asNumber = Number(value)
  return Number.isSafeInteger(asNumber) ? asNumber + 0 : value
}

function magnitude(digits: string): bigint | undefined {
  if (digits === '0' || digits === '') return 0n
  if (/^0[bx]$/u.test(digits)) return undefined
  if (/^0[bx]/u.test(digits)) return BigInt(digits)
  if (digits.startsWith('0')) return BigInt(`0o${digits.slice(1)}`)
  if (!digits.includes(':')) return BigInt(digits)
  return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n)
}

const float =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/u

/** A float in YAML 1.1's notation (`1e5` without a point is none), else undefined. */
export function readFloat(text: string): number | Float | undefined {
  if (/^[-+]?\.(?:inf|Inf|INF)$/u.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^\.(?:nan|NaN|NAN)$/u.test(text)) return NaN
  if (!float.test(text)) return undefined
  const digits = text.replaceAll('_', '')
  const value = digits.includes(':') ? base60(digits) : Number(digits)
  return Number.isInteger(value) ? new Float(value) : value
}

function base60(digits: string): number {
  const sign = digits.startsWith('-') ? -1 : 1
  const parts = digits.replace(/^[-+]/u, '').split(':')
  return sign * parts.reduce((sum, part) => sum * 60 + Number(part), 0)
}
