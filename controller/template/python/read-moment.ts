import type { Moment } from '../../../proto/value.ts'
import { CalendarDate, DateTime, asMoment } from './datetime.ts'

const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|[-+]\d\d?(?::\d\d)?))?)?$/u

/** The date or time of a text without quotes, by the rules of YAML 1.1; undefined where it is none, or no day there is. */
export function readMoment(text: string): Moment | undefined {
  const found = TIMESTAMP.exec(text)
  if (!found) return undefined
  const [, year = '', month = '', day = '', hour, minute = '', second = '', fraction = ''] = found
  const wall = new Date(0)
  wall.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (wall.getUTCMonth() !== Number(month) - 1) return undefined
  if (hour === undefined) {
    const isWritten = /^\d{4}-\d\d-\d\d$/u.test(text)
    return isWritten ? asMoment(new CalendarDate(wall.getTime())) : undefined
  }
  wall.setUTCHours(Number(hour), Number(minute), Number(second))
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'))
  const offset = offsetOf(found[8])
  const options = offset === undefined ? { micros } : { micros, offsetMinutes: offset }
  return asMoment(new DateTime(wall.getTime(), options))
}

function offsetOf(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined
  const [, sign, hours = '0', minutes = '0'] = /^([-+])(\d\d?)(?::(\d\d))?$/u.exec(zone) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
