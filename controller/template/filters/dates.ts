import { define } from '../define.ts'
import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import { localTime, secondsOf, utcTime } from '../python/datetime.ts'
import { filterError, typeError } from '../python/python-error.ts'
import { strftime } from '../python/strftime.ts'
import { strptime } from '../python/strptime.ts'
import { toText } from '../python/text.ts'
import { typeName } from '../python/types.ts'
import type { Table } from '../registry.ts'

function formatText(format: Datum): string {
  if (typeof format === 'string') return format
  const type = format === null ? 'None' : typeName(format)
  throw typeError(`strftime() argument 1 must be str, not ${type}`)
}

/** Filters from and to dates. */
export const dateFilters: Table<Datum> = {
  strftime: define('second utc', (format, [second = null, isUtc = false], { world }) => {
    const seconds = second === null ? world.nowMs() / 1000 : secondsOf(second)
    if (seconds === undefined)
      throw filterError(`Invalid value for epoch value (${toText(second)})`)
    const ms = Math.floor(seconds) * 1000
    return strftime(formatText(format), isTrue(isUtc) ? utcTime(ms) : localTime(ms), {
      hasZone: true,
    })
  }),
  to_datetime: define('format', (value, [format = '%Y-%m-%d %H:%M:%S']) =>
    strptime(toText(value), toText(format)),
  ),
}
