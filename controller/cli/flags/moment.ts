import { InvalidArgumentError } from 'commander'
import { age } from './age.ts'

/**
 * For a flag that takes a time: how long ago (`10m`, `2h`), or a date with or without a time of day, in the local zone
 * where none is said (`2026-03-04`, `2026-03-04 05:06:07`, `2026-03-04T05:06Z`). Milliseconds since the epoch.
 */
export function moment(text: string): number {
  if (/^\d+[smhdw]$/u.test(text)) return Date.now() - age(text)
  const found = dated.exec(text)
  // Without a time of day, JavaScript would take a date for one in UTC.
  const ms = found ? Date.parse(`${found[1]}T${found[2] ?? '00:00'}${found[3] ?? ''}`) : Number.NaN
  if (!Number.isNaN(ms)) return ms
  throw new InvalidArgumentError(
    `a time is expected, as 10m, 2h, 2026-03-04 or 2026-03-04T05:06:07Z, not "${text}"`,
  )
}

const dated = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/u
