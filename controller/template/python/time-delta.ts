import { type Datum, HostFunction, HostObject } from './datum.ts'
import { float } from './number.ts'

/** A length of time, as the difference of two dates. */
export class TimeDelta extends HostObject {
  readonly typeName = 'datetime.timedelta'
  /** Microseconds. */
  readonly micros: number

  constructor(micros: number) {
    super()
    this.micros = micros
  }

  get days(): number {
    return Math.floor(this.micros / 86_400_000_000)
  }

  get seconds(): number {
    return Math.floor((this.micros - this.days * 86_400_000_000) / 1_000_000)
  }

  override attribute(name: string): Datum | undefined {
    if (name === 'days') return this.days
    if (name === 'seconds') return this.seconds
    if (name === 'microseconds') return ((this.micros % 1_000_000) + 1_000_000) % 1_000_000
    if (name !== 'total_seconds') return undefined
    return new HostFunction(name, () => float(this.micros / 1_000_000))
  }

  override isTrue(): boolean {
    return this.micros !== 0
  }

  override equals(other: Datum): boolean {
    return other instanceof TimeDelta && other.micros === this.micros
  }

  override compare(other: Datum): number | undefined {
    return other instanceof TimeDelta ? this.micros - other.micros : undefined
  }

  override repr(): string {
    const parts = Object.entries({
      days: this.days,
      seconds: this.seconds,
      microseconds: Number(this.attribute('microseconds')),
    }).filter(([, value]) => value !== 0)
    return `datetime.timedelta(${parts.map(([name, value]) => `${name}=${value}`).join(', ') || '0'})`
  }

  override text(): string {
    const { days, seconds } = this
    const part = Number(this.attribute('microseconds'))
    const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
    const fraction = part === 0 ? '' : `.${String(part).padStart(6, '0')}`
    const plural = Math.abs(days) === 1 ? 'day' : 'days'
    return `${days === 0 ? '' : `${days} ${plural}, `}${clock}${fraction}`
  }
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
