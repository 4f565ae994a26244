import type { Datum } from '../python/datum.ts'
import { readMoment } from '../python/read-moment.ts'
import { float, integer, parseInteger } from '../python/number.ts'

const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/u
const FLOAT =
  /^(?:[-+]?(?:\d[\d_]*)\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/u
const INTEGER =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][\d_]*)|[-+]?0x[\da-fA-F_]+|[-+]?[1-9][\d_]*(?::[0-5]?\d)+)$/u
const NULL = /^(?:~|null|Null|NULL|)$/u
const TIMESTAMP =
  /^(?:\d{4}-\d{2}-\d{2}|\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d{1,2}(?::\d{2})?))?)$/u
const OTHER = /^(?:<<|=|[!&*])$/u

/** Whether a text without quotes would be read as something other than text, by YAML 1.1. */
export function readsAsOther(text: string): boolean {
  return [BOOLEAN, FLOAT, INTEGER, NULL, TIMESTAMP, OTHER].some((pattern) => pattern.test(text))
}

/** The value of a text without quotes. */
export function resolveScalar(text: string): Datum {
  if (NULL.test(text)) return null
  if (BOOLEAN.test(text)) return booleanOf(text)
  if (INTEGER.test(text)) return integerOf(text)
  if (FLOAT.test(text)) return floatOf(text)
  return TIMESTAMP.test(text) ? (readMoment(text) ?? text) : text
}

/** The value of a text under a tag such as `!!int`; under an unknown one, the text. */
export function resolveTagged(text: string, tag: string): Datum {
  const name = tag.replace(/^(?:!!|tag:yaml\.org,2002:)/u, '')
  if (name === 'null') return null
  if (name === 'bool') return booleanOf(text)
  if (name === 'int') return integerOf(text)
  return name === 'float' ? floatOf(text) : text
}

function booleanOf(text: string): boolean {
  return ['yes', 'true', 'on'].includes(text.toLowerCase())
}

function integerOf(source: string): Datum {
  const text = source.replaceAll('_', '')
  const sign = text.startsWith('-') ? -1n : 1n
  const digits = text.replace(/^[-+]/u, '')
  if (digits === '0') return 0
  if (digits.includes(':')) return integer(sign * sexagesimal(digits))
  const isOctal = /^0[0-7]/u.test(digits)
  const value = isOctal ? parseInteger(digits, 8) : parseInteger(digits, 0)
  return integer(sign * BigInt(value ?? 0))
}

function sexagesimal(digits: string): bigint {
  return digits.split(':').reduce((total, part) => total * 60n + BigInt(part), 0n)
}

function floatOf(source: string): Datum {
  const text = source.replaceAll('_', '').toLowerCase()
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/^[-+]/u, '')
  if (digits === '.inf') return sign * Number.POSITIVE_INFINITY
  if (digits === '.nan') return Number.NaN
  const value = digits.split(':').reduce((total, part) => total * 60 + Number(part), 0)
  return float(sign * value)
}
