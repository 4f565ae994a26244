import type { Facts } from './read.ts'

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** `date_time` at `at`, local and UTC. */
export function dateFacts(at: Date): Facts {
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  const [day, clock] = [date.replaceAll('-', ''), time.replaceAll(':', '')]
  const micro = `${String(at.getMilliseconds()).padStart(3, '0')}000`
  const epoch = String(Math.floor(at.getTime() / 1000))
  const iso = at.toISOString().slice(0, 19)
  const zones = zoneNames(at)
  return {
    year: String(at.getFullYear()),
    month: two(at.getMonth() + 1),
    weekday: weekdays[at.getDay()],
    weekday_number: String(at.getDay()),
    weeknumber: two(weekNumber(at)),
    day: two(at.getDate()),
    hour: two(at.getHours()),
    minute: two(at.getMinutes()),
    second: two(at.getSeconds()),
    epoch,
    epoch_int: epoch,
    date,
    time,
    iso8601_micro: `${iso}.${micro}Z`,
    iso8601: `${iso}Z`,
    iso8601_basic: `${day}T${clock}${micro}`,
    iso8601_basic_short: `${day}T${clock}`,
    ...zones,
    tz_offset: offsetText(at),
  }
}

/** Weeks begin on Monday; days before the first Monday are in week 0 (strftime's %W). */
export function weekNumber(at: Date): number {
  const start = new Date(at.getFullYear(), 0, 1)
  const dayOfYear = Math.round(
    (Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) -
      Date.UTC(start.getFullYear(), 0, 1)) /
      86_400_000,
  )
  return Math.floor((dayOfYear + 7 - ((at.getDay() + 6) % 7)) / 7)
}

function offsetText(at: Date): string {
  const minutes = -at.getTimezoneOffset()
  const size = Math.abs(minutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}

function zoneNames(at: Date): Facts {
  const january = new Date(at.getFullYear(), 0, 1)
  const july = new Date(at.getFullYear(), 6, 1)
  const isSouthern = january.getTimezoneOffset() < july.getTimezoneOffset()
  const [standard, summer] = isSouthern ? [july, january] : [january, july]
  return { tz: zoneName(at), tz_dst: zoneName(summer === standard ? at : summer) }
}

function zoneName(at: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC'
}
