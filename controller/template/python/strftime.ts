import type { DateTime } from './datetime.ts'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const DAY_MS = 86_400_000

/** Whether the local zone is shown; `datetime.strftime` shows none for a date without one, `time.strftime` does. */
export interface StrftimeOptions {
  readonly hasZone?: boolean
}

/** Python's `strftime` in the C locale. */
export function strftime(format: string, date: DateTime, options: StrftimeOptions = {}): string {
  return format.replace(/%([-_0^#]?)(:?[a-zA-Z%])/gu, (whole, flag: string, code: string) => {
    const text = field(code, date, options)
    return text === undefined ? whole : flagged(text, flag)
  })
}

function flagged(text: string, flag: string): string {
  if (flag === '-') return text.replace(/^0+(?=\d)/u, '').trimStart()
  if (flag === '_') return text.replace(/^0+(?=\d)/u, (zeros) => ' '.repeat(zeros.length))
  if (flag === '0') return text.replace(/^ +/u, (blanks) => '0'.repeat(blanks.length))
  if (flag === '^') return text.toUpperCase()
  return flag === '#' ? swapped(text) : text
}

function swapped(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()
}

function field(code: string, time: DateTime, options: StrftimeOptions): string | undefined {
  const date = new Date(time.wallMs)
  return (
    dateField(code, date) ??
    clockField(code, date) ??
    weekField(code, date) ??
    zoneField(code, time, options) ??
    composed(code, time, options)
  )
}

function dateField(code: string, date: Date): string | undefined {
  const day = date.getUTCDay()
  const month = date.getUTCMonth()
  const year = date.getUTCFullYear()
  if (code === 'Y') return String(year)
  if (code === 'm') return two(month + 1)
  if (code === 'd') return two(date.getUTCDate())
  if (code === 'e') return String(date.getUTCDate()).padStart(2, ' ')
  if (code === 'y') return two(year % 100)
  if (code === 'C') return two(Math.floor(year / 100))
  if (code === 'a') return (DAYS[day] ?? '').slice(0, 3)
  if (code === 'A') return DAYS[day]
  if (code === 'b' || code === 'h') return (MONTHS[month] ?? '').slice(0, 3)
  if (code === 'B') return MONTHS[month]
  if (code === 'j') return String(dayOfYear(date) + 1).padStart(3, '0')
  return undefined
}

function clockField(code: string, date: Date): string | undefined {
  const hour = date.getUTCHours()
  const twelve = hour % 12 === 0 ? 12 : hour % 12
  if (code === 'H') return two(hour)
  if (code === 'I') return two(twelve)
  if (code === 'k') return String(hour).padStart(2, ' ')
  if (code === 'l') return String(twelve).padStart(2, ' ')
  if (code === 'M') return two(date.getUTCMinutes())
  if (code === 'S') return two(date.getUTCSeconds())
  if (code === 'p') return hour < 12 ? 'AM' : 'PM'
  if (code === 'P') return hour < 12 ? 'am' : 'pm'
  return undefined
}

function weekField(code: string, date: Date): string | undefined {
  const day = date.getUTCDay()
  const monday = (day + 6) % 7
  if (code === 'w') return String(day)
  if (code === 'u') return String(monday + 1)
  if (code === 'U') return two(Math.floor((dayOfYear(date) + 7 - day) / 7))
  if (code === 'W') return two(Math.floor((dayOfYear(date) + 7 - monday) / 7))
  if (!'VGg'.includes(code)) return undefined
  const thursday = new Date(date.getTime() + (3 - monday) * DAY_MS)
  if (code === 'V') return two(Math.floor(dayOfYear(thursday) / 7) + 1)
  return code === 'G' ? String(thursday.getUTCFullYear()) : two(thursday.getUTCFullYear() % 100)
}

function zoneField(
  code: string,
  time: DateTime,
  { hasZone = false }: StrftimeOptions,
): string | undefined {
  if (code === 's') return String(Math.floor(time.epochMs / 1000))
  if (code === 'f') return String(time.micros).padStart(6, '0')
  if (code !== 'z' && code !== 'Z') return undefined
  const offset = time.offsetMinutes ?? (hasZone ? time.ownOffsetMinutes : undefined)
  if (offset === undefined) return ''
  if (code === 'Z') return offset === 0 ? 'UTC' : zoneName(time.epochMs)
  const size = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}

function composed(code: string, time: DateTime, options: StrftimeOptions): string | undefined {
  if (code === '%') return '%'
  if (code === 'n') return '\n'
  if (code === 't') return '\t'
  const formats: Readonly<Record<string, string>> = {
    D: '%m/%d/%y',
    x: '%m/%d/%y',
    F: '%Y-%m-%d',
    T: '%H:%M:%S',
    X: '%H:%M:%S',
    R: '%H:%M',
    r: '%I:%M:%S %p',
    c: '%a %b %e %H:%M:%S %Y',
  }
  const format = Object.hasOwn(formats, code) ? formats[code] : undefined
  return format === undefined ? undefined : strftime(format, time, options)
}

function dayOfYear(date: Date): number {
  const start = Date.UTC(date.getUTCFullYear(), 0, 1)
  return Math.floor((date.getTime() - start) / DAY_MS)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function zoneName(epochMs: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(epochMs)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}
