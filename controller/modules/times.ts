/** A moment as the command module prints it: local time, microseconds unless they are zero. */
export function localTime(atMs: number): string {
  const date = new Date(atMs)
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${day} ${time}${fraction(atMs)}`
}

/** A length of time as Python prints a timedelta: `1 day, 0:00:05.120000`. */
export function duration(lengthMs: number): string {
  const seconds = Math.floor(lengthMs / 1000)
  const days = Math.floor(seconds / 86_400)
  const time = `${Math.floor((seconds % 86_400) / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`
  const before = days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `
  return `${before}${time}${fraction(lengthMs)}`
}

function fraction(ms: number): string {
  const rest = Math.floor(ms) % 1000
  return rest === 0 ? '' : `.${String(rest).padStart(3, '0')}000`
}

function two(part: number): string {
  return String(part).padStart(2, '0')
}
