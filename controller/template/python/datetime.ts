import type { Moment } from '../../../proto/value.ts'
import { type Datum, HostFunction, HostObject } from './datum.ts'
import { float, isNumber, toDouble } from './number.ts'
import { typeError } from './python-error.ts'
import { strftime } from './strftime.ts'
import { toText } from './text.ts'
import { TimeDelta } from './time-delta.ts'

/** A date and time. Its fields are those of a clock on the wall: held as if they were UTC. */
export class DateTime extends HostObject {
  readonly typeName: string = 'datetime.datetime'
  /** Milliseconds since the epoch, were the fields UTC. */
  readonly wallMs: number
  readonly micros: number
  /** Minutes east of UTC for a date with a zone. */
  readonly offsetMinutes: number | undefined
  /** Minutes east of UTC, taken from the local clock where the date has no zone. */
  readonly ownOffsetMinutes: number
  /** The instant, for the fields that need one. */
  readonly epochMs: number

  constructor(
    wallMs: number,
    options: { micros?: number; offsetMinutes?: number; isUtc?: boolean } = {},
  ) {
    super()
    this.wallMs = Math.floor(wallMs / 1000) * 1000
    this.micros = options.micros ?? Math.round((wallMs - this.wallMs) * 1000)
    this.offsetMinutes = options.offsetMinutes
    const offset = options.offsetMinutes ?? (options.isUtc === true ? 0 : localOffset(wallMs))
    this.ownOffsetMinutes = offset
    this.epochMs = this.wallMs - offset * 60_000 + this.micros / 1000
  }

  override attribute(name: string): Datum | undefined {
    const field = this.#field(name)
    if (field !== undefined) return field
    const method = this.#method(name)
    return method && new HostFunction(name, ({ positional }) => method(...positional))
  }

  #field(name: string): number | undefined {
    const date = new Date(this.wallMs)
    const fields: Readonly<Record<string, number>> = {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      microsecond: this.micros,
    }
    return Object.hasOwn(fields, name) ? fields[name] : undefined
  }

  #method(name: string): ((...args: readonly Datum[]) => Datum) | undefined {
    if (name === 'strftime') return (format = '') => strftime(toText(format), this)
    if (name === 'timestamp') return () => float(this.epochMs / 1000)
    if (name === 'isoformat') {
      return (separator = 'T') => this.#iso(toText(separator))
    }
    if (name === 'weekday') return () => (new Date(this.wallMs).getUTCDay() + 6) % 7
    if (name === 'isoweekday') return () => ((new Date(this.wallMs).getUTCDay() + 6) % 7) + 1
    if (name === 'date') return () => new CalendarDate(this.wallMs)
    return undefined
  }

  isoText(): string {
    return this.#iso('T')
  }

  #iso(separator: string): string {
    const [day = '', time = ''] = new Date(this.wallMs).toISOString().split('T')
    const fraction = this.micros === 0 ? '' : `.${String(this.micros).padStart(6, '0')}`
    return `${day}${separator}${time.slice(0, 8)}${fraction}${this.#zone()}`
  }

  #zone(): string {
    if (this.offsetMinutes === undefined) return ''
    const size = Math.abs(this.offsetMinutes)
    return `${this.offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
  }

  override equals(other: Datum): boolean {
    return other instanceof DateTime && this.compare(other) === 0
  }

  override compare(other: Datum): number | undefined {
    if (!(other instanceof DateTime) || other.typeName !== this.typeName) return undefined
    return this.#comparable() - other.#comparable()
  }

  #comparable(): number {
    return (
      (this.offsetMinutes === undefined ? this.wallMs : this.wallMs - this.offsetMinutes * 60_000) +
      this.micros / 1000
    )
  }

  /** Microseconds from `other` to this. */
  since(other: DateTime): number {
    const shift = (date: DateTime): number => date.wallMs - (date.offsetMinutes ?? 0) * 60_000
    return (shift(this) - shift(other)) * 1000 + this.micros - other.micros
  }

  override text(): string {
    return this.#iso(' ')
  }

  override repr(): string {
    const names = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond']
    const fields = names.map((name) => this.#field(name) ?? 0)
    while (fields.length > 5 && fields.at(-1) === 0) fields.pop()
    return `datetime.datetime(${fields.join(', ')}${this.#zoneRepr()})`
  }

  #zoneRepr(): string {
    const minutes = this.offsetMinutes
    if (minutes === undefined) return ''
    if (minutes === 0) return ', tzinfo=datetime.timezone.utc'
    return `, tzinfo=datetime.timezone(${new TimeDelta(minutes * 60_000_000).repr()})`
  }
}

const FIELDS_OF_A_DATE = ['year', 'month', 'day', 'strftime', 'weekday', 'isoweekday']

/** A date without a time. */
export class CalendarDate extends DateTime {
  override readonly typeName = 'datetime.date'

  constructor(wallMs: number) {
    super(Math.floor(wallMs / 86_400_000) * 86_400_000)
  }

  override attribute(name: string): Datum | undefined {
    if (name === 'isoformat') return new HostFunction(name, () => this.text())
    return FIELDS_OF_A_DATE.includes(name) ? super.attribute(name) : undefined
  }

  override isoText(): string {
    return super.isoText().slice(0, 10)
  }

  override text(): string {
    return this.isoText()
  }

  override repr(): string {
    const [year = '', month = '', day = ''] = this.isoText().split('-')
    return `datetime.date(${Number(year)}, ${Number(month)}, ${Number(day)})`
  }
}

/** The date as a value of the language, in which it may lie beside lists and maps. */
export function asMoment(date: DateTime): Moment {
  return date as HostObject as Moment
}

/** Minutes east of UTC of the local clock when its face shows `wallMs`. */
function localOffset(wallMs: number): number {
  const wall = new Date(wallMs)
  const local = new Date(
    wall.getUTCFullYear(),
    wall.getUTCMonth(),
    wall.getUTCDate(),
    wall.getUTCHours(),
    wall.getUTCMinutes(),
    wall.getUTCSeconds(),
  )
  return -local.getTimezoneOffset()
}

/** The local clock's face at an instant. */
export function localTime(epochMs: number): DateTime {
  return new DateTime(epochMs - new Date(epochMs).getTimezoneOffset() * 60_000)
}

/** The UTC clock's face at an instant. */
export function utcTime(epochMs: number): DateTime {
  return new DateTime(epochMs, { isUtc: true })
}

/** `left + right` for dates and lengths of time; nothing for other objects. */
export function addTimes(left: HostObject, right: Datum): Datum | undefined {
  if (!(right instanceof TimeDelta)) return undefined
  if (left instanceof TimeDelta) return new TimeDelta(left.micros + right.micros)
  return left instanceof DateTime ? moved(left, right.micros) : undefined
}

/** `left - right` for dates and lengths of time; nothing for other objects. */
export function subtractTimes(left: HostObject, right: Datum): Datum | undefined {
  if (left instanceof DateTime && right instanceof DateTime) {
    if (left.typeName !== right.typeName) return undefined
    if ((left.offsetMinutes === undefined) !== (right.offsetMinutes === undefined)) {
      throw typeError("can't subtract offset-naive and offset-aware datetimes")
    }
    return new TimeDelta(left.since(right))
  }
  if (!(right instanceof TimeDelta)) return undefined
  if (left instanceof TimeDelta) return new TimeDelta(left.micros - right.micros)
  return left instanceof DateTime ? moved(left, -right.micros) : undefined
}

function moved(date: DateTime, micros: number): DateTime {
  if (date instanceof CalendarDate) {
    return new CalendarDate(date.wallMs + Math.floor(micros / 86_400_000_000) * 86_400_000)
  }
  const total = date.micros + micros
  const seconds = Math.floor(total / 1_000_000)
  const options = { micros: total - seconds * 1_000_000 }
  return new DateTime(
    date.wallMs + seconds * 1000,
    date.offsetMinutes === undefined ? options : { ...options, offsetMinutes: date.offsetMinutes },
  )
}

/** Seconds given as a number or text, for `strftime`. */
export function secondsOf(datum: Datum): number | undefined {
  if (isNumber(datum)) return toDouble(datum)
  const value = typeof datum === 'string' && datum.trim() !== '' ? Number(datum) : Number.NaN
  return Number.isNaN(value) ? undefined : value
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
