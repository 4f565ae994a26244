import { CannotDo } from './cannot-do.ts'

/** How many digits a part of a time has, and which part of a date it is. */
const parts: Readonly<Record<string, { readonly digits: number; readonly at: keyof Parts }>> = {
  Y: { digits: 4, at: 'year' },
  m: { digits: 2, at: 'month' },
  d: { digits: 2, at: 'day' },
  H: { digits: 2, at: 'hour' },
  M: { digits: 2, at: 'minute' },
  S: { digits: 2, at: 'second' },
  y: { digits: 2, at: 'shortYear' },
}

interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  shortYear: number
}

/** Seconds since the epoch of a local time written as `format` says (%Y %y %m %d %H %M %S). */
export function parseTimestamp(text: string, format: string): number {
  const found: Parts = {
    year: 1900,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    shortYear: -1,
  }
  let at = 0
  for (let index = 0; index < format.length; index += 1) {
    const letter = format.charAt(index) === '%' ? format.charAt((index += 1)) : undefined
    const part = letter === undefined ? undefined : parts[letter]
    if (part) {
      const digits = text.slice(at, at + part.digits)
      if (!/^\d+$/u.test(digits)) throw badTime(text, format)
      found[part.at] = Number(digits)
      at += part.digits
    } else if (text.charAt(at) === (letter ?? format.charAt(index))) at += 1
    else throw badTime(text, format)
  }
  if (at !== text.length) throw badTime(text, format)
  const { year, month, day, hour, minute, second, shortYear } = found
  const whole = shortYear < 0 ? year : shortYear + (shortYear < 69 ? 2000 : 1900)
  return new Date(whole, month - 1, day, hour, minute, second).getTime() / 1000
}

function badTime(text: string, format: string): CannotDo {
  return new CannotDo(
    `Error while obtaining timestamp for time ${text} using format ${format}: time data '${text}' does not match format '${format}'`,
  )
}
