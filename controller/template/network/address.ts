/** An IP address as a number. */
export interface Address {
  readonly version: 4 | 6
  readonly value: bigint
}

/** Reads an IPv4 or IPv6 address; nothing when it is neither. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) {
    const value = parseSix(text)
    return value === undefined ? undefined : { version: 6, value }
  }
  const value = parseFour(text)
  return value === undefined ? undefined : { version: 4, value }
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/u.test(part) && Number(part) < 256)) {
    return undefined
  }
  return parts.reduce((total, part) => total * 256n + BigInt(part), 0n)
}

function parseSix(source: string): bigint | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/u.exec(source)
  const four = dotted ? parseFour(dotted[2] ?? '') : undefined
  if (dotted && four === undefined) return undefined
  const tail =
    four === undefined ? '' : `${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`
  const text = dotted ? (dotted[1] ?? '') + tail : source
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - left.length - right.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  if (!groups.every((group) => /^[\da-f]{1,4}$/iu.test(group))) return undefined
  return groups.reduce((total, group) => total * 65_536n + BigInt(`0x${group}`), 0n)
}

/** Writes an address in its shortest form. */
export function formatAddress(value: bigint, version: 4 | 6): string {
  return version === 4 ? formatFour(value) : formatSix(value)
}

function formatFour(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.')
}

function formatSix(value: bigint): string {
  if (value >> 32n === 0xffffn) return `::ffff:${formatFour(value & 0xffffffffn)}`
  const groups = Array.from({ length: 8 }, (_none, place) =>
    Number((value >> BigInt(112 - 16 * place)) & 0xffffn),
  )
  const [start, length] = longestZeros(groups)
  const text = (part: readonly number[]): string =>
    part.map((group) => group.toString(16)).join(':')
  if (length < 2) return text(groups)
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`
}

function longestZeros(groups: readonly number[]): readonly [number, number] {
  let best: readonly [number, number] = [0, 0]
  for (let start = 0; start < groups.length; start += 1) {
    let end = start
    while (groups[end] === 0) end += 1
    if (end - start > best[1]) best = [start, end - start]
  }
  return best
}
