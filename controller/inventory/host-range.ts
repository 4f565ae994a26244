import { isIPv6 } from 'node:net'

/** Names that one entry of an inventory stands for, and the port that it gave. */
export interface HostNames {
  readonly names: readonly string[]
  readonly port: number | undefined
}

/**
 * Expands `web[01:03].example.org:2222`: ranges of numbers and letters, with an optional step, and a port at the end.
 *
 * @throws {RangeError} with the sentence, for a range that is none.
 */
export function expandHosts(pattern: string): HostNames {
  const { host, port } = splitPort(pattern)
  return { names: host.includes('[') ? expandRange(host) : [host], port }
}

/** `host:22` and `[2001:db8::1]:22` in two. What does not look like that is all host. */
export function splitPort(text: string): {
  readonly host: string
  readonly port: number | undefined
} {
  const found =
    /^\[(.+)\]:([0-9]+)$/u.exec(text) ?? /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/u.exec(text)
  const [, host = '', port = ''] = found ?? []
  if (!found || !isAddress(host)) return { host: text, port: undefined }
  return { host, port: Number(port) }
}

/** Whether text can be an address or a name of a host, ranges in it allowed. */
export function isAddress(text: string): boolean {
  return isIPv6(text) || hostName.test(text)
}

const label = String.raw`(?:[\p{L}\p{N}_]|\[[^\]]+\])(?:[\p{L}\p{N}_-]|\[[^\]]+\])*`
const hostName = new RegExp(String.raw`^(?:${label}\.)*${label}\.?$`, 'u')

function expandRange(text: string): string[] {
  const open = text.indexOf('[')
  const close = text.indexOf(']', open)
  if (close < 0) throw new RangeError(`the range in "${text}" is not closed`)
  const head = text.slice(0, open)
  const tail = text.slice(close + 1)
  return rangeItems(text.slice(open + 1, close)).flatMap((item) => {
    const name = head + item + tail
    return name.includes('[') ? expandRange(name) : [name]
  })
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

function rangeItems(range: string): string[] {
  const bounds = range.split(':')
  if (bounds.length !== 2 && bounds.length !== 3) {
    throw new RangeError('host range must be begin:end or begin:end:step')
  }
  const [begin = '', end = '', stepText = '1'] = bounds
  const first = begin === '' ? '0' : begin
  if (end === '') throw new RangeError('host range must specify end value')
  const step = Number(stepText)
  if (!/^\d+$/u.test(stepText) || step === 0)
    throw new RangeError('the step of a host range is a whole number')
  const isPadded = first.startsWith('0') && first.length > 1
  if (isPadded && first.length !== end.length) {
    throw new RangeError('host range must specify equal-length begin and end formats')
  }
  return (
    letterItems(first, end, step) ??
    numberItems(first, { end, step, width: isPadded ? first.length : 0 })
  )
}

function letterItems(first: string, end: string, step: number): string[] | undefined {
  if (first.length !== 1 || end.length !== 1) return undefined
  const from = letters.indexOf(first)
  const to = letters.indexOf(end)
  if (from < 0 || to < 0) return undefined
  if (from > to) throw new RangeError('host range must have begin <= end')
  return letters
    .slice(from, to + 1)
    .split('')
    .filter((_letter, index) => index % step === 0)
}

function numberItems(
  first: string,
  range: { readonly end: string; readonly step: number; readonly width: number },
): string[] {
  if (!/^-?\d+$/u.test(first) || !/^-?\d+$/u.test(range.end)) {
    throw new RangeError(`"${first}:${range.end}" is no range of numbers or letters`)
  }
  const items: string[] = []
  for (let value = Number(first); value <= Number(range.end); value += range.step) {
    items.push(String(value).padStart(range.width, '0'))
  }
  return items
}
