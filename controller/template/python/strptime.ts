import { DateTime } from './datetime.ts'
import { valueError } from './python-error.ts'
import { stringRepr } from './text.ts'

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

/** What each mark of a format reads. */
const FIELDS: Readonly<Record<string, string>> = {
  d: '3[01]|[12]\\d|0[1-9]|[1-9]| [1-9]',
  f: '\\d{1,6}',
  H: '2[0-3]|[01]\\d|\\d',
  I: '1[0-2]|0[1-9]|[1-9]',
  j: '36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]',
  m: '1[0-2]|0[1-9]|[1-9]',
  M: '[0-5]\\d|\\d',
  S: '6[01]|[0-5]\\d|\\d',
  w: '[0-6]',
  u: '[1-7]',
  y: '\\d\\d',
  Y: '\\d{4}',
  z: '[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d)?|Z',
  Z: 'utc|gmt',
  a: DAYS.map((day) => day.slice(0, 3)).join('|'),
  A: DAYS.join('|'),
  b: MONTHS.map((month) => month.slice(0, 3)).join('|'),
  B: MONTHS.join('|'),
  p: 'am|pm',
}
const COMPOSED: Readonly<Record<string, string>> = {
  c: '%a %b %d %H:%M:%S %Y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
}

/** Python's `datetime.strptime` in the C locale. */
export function strptime(text: string, format: string): DateTime {
  const { pattern, marks } = compile(format)
  const found = pattern.exec(text)
  if (!found) {
    throw valueError(`time data ${stringRepr(text)} does not match format ${stringRepr(format)}`)
  }
  if (found[0].length < text.length) {
    throw valueError(`unconverted data remains: ${text.slice(found[0].length)}`)
  }
  const fields = new Map(marks.map((mark, place) => [mark, found[place + 1] ?? ''] as const))
  return dateOf(fields)
}

function compile(format: string): { readonly pattern: RegExp; readonly marks: readonly string[] } {
  const marks: string[] = []
  const expanded = format.replace(/%([cxX])/gu, (_whole, mark: string) => COMPOSED[mark] ?? '')
  const source = expanded.replace(/%(.)|\s+|[^%\s]/gu, (piece, mark?: string) => {
    if (mark === '%') return '%'
    if (mark === undefined)
      return /^\s/u.test(piece) ? '\\s+' : piece.replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&')
    const field = Object.hasOwn(FIELDS, mark) ? FIELDS[mark] : undefined
    if (field === undefined)
      throw valueError(`'${mark}' is a bad directive in format ${stringRepr(format)}`)
    marks.push(mark)
    return `(${field})`
  })
  return { pattern: new RegExp(`^${source}`, 'iu'), marks }
}

function dateOf(fields: ReadonlyMap<string, string>): DateTime {
  const number = (mark: string, otherwise: number): number => {
    const text = fields.get(mark)
    return text === undefined ? otherwise : Number(text)
  }
  const name = (mark: string, names: readonly string[]): number | undefined => {
    const text = fields.get(mark)?.toLowerCase()
    const place = text === undefined ? -1 : names.findIndex((one) => one.startsWith(text))
    return place < 0 ? undefined : place + 1
  }
  const year = yearOf(fields)
  const dayOfYear = fields.get('j')
  const month =
    name('B', MONTHS) ?? name('b', MONTHS) ?? (dayOfYear === undefined ? number('m', 1) : 1)
  const day = dayOfYear === undefined ? number('d', 1) : Number(dayOfYear)
  if (dayOfYear === undefined && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) {
    throw valueError('day is out of range for month')
  }
  const wall = new Date(0)
  wall.setUTCFullYear(year, month - 1, day)
  wall.setUTCHours(hourOf(fields, number('H', 0)), number('M', 0), number('S', 0))
  const micros = Number((fields.get('f') ?? '').padEnd(6, '0'))
  const offset = offsetOf(fields.get('z'))
  return new DateTime(
    wall.getTime(),
    offset === undefined ? { micros } : { micros, offsetMinutes: offset },
  )
}

function yearOf(fields: ReadonlyMap<string, string>): number {
  const short = fields.get('y')
  if (short === undefined) return Number(fields.get('Y') ?? 1900)
  return Number(short) + (Number(short) <= 68 ? 2000 : 1900)
}

function hourOf(fields: ReadonlyMap<string, string>, hour: number): number {
  const twelve = fields.get('I')
  if (twelve === undefined) return hour
  const isAfternoon = fields.get('p')?.toLowerCase() === 'pm'
  return (Number(twelve) % 12) + (isAfternoon ? 12 : 0)
}

function offsetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text.toUpperCase() === 'Z') return 0
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)/u.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
