import { InvalidArgumentError } from 'commander'

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** For a flag that takes a length of time: `90s`, `15m`, `2h`, `30d`, `1w`. Milliseconds. */
export function age(text: string): number {
  const [, number, unit = ''] = /^(\d+)([smhdw])$/u.exec(text) ?? []
  const factor = unitMs[unit]
  if (number !== undefined && factor !== undefined) return Number(number) * factor
  throw new InvalidArgumentError(
    `a length of time is expected, as 90s, 15m, 2h or 30d, not "${text}"`,
  )
}
