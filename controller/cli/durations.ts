/** A length of time for people: `0.4s`, `42s`, `3m05s`, `2h10m`, `4d03h`. */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return `${seconds.toFixed(1)}s`
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3600) % 24, (seconds / 60) % 60].map(
    Math.floor,
  )
  if (days) return `${days}d${two(hours)}h`
  if (hours) return `${hours}h${two(minutes)}m`
  return minutes ? `${minutes}m${two(Math.floor(seconds % 60))}s` : `${Math.floor(seconds)}s`
}

/** A time for people, in the local zone: `2026-03-04 05:06:07`. */
export function localTime(ms: number): string {
  const at = new Date(ms)
  const date = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(two).join('-')
  return `${date} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`
}

function two(value = 0): string {
  return String(value).padStart(2, '0')
}
