/** The TCP connections of this host, from /proc/net. */
import { readFileSync } from 'node:fs'

export interface TcpConnection {
  readonly localAddress: string
  readonly localPort: number
  readonly remoteAddress: string
  /** `ESTABLISHED`, `TIME_WAIT` … */
  readonly state: string
}

const stateNames = [
  '',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
]

/** All of them, IPv4 and IPv6; IPv4 addresses inside IPv6 are shown as IPv4. */
export function openConnections(): readonly TcpConnection[] {
  return ['tcp', 'tcp6'].flatMap((name) => parseTcpTable(readTable(name)))
}

function readTable(name: string): string {
  try {
    return readFileSync(`/proc/net/${name}`, 'latin1')
  } catch {
    return '' // no IPv6
  }
}

/** Reads the text of /proc/net/tcp or tcp6. */
export function parseTcpTable(text: string): readonly TcpConnection[] {
  const connections: TcpConnection[] = []
  for (const line of text.split('\n').slice(1)) {
    const [, local, remote, state] = line.trim().split(/\s+/u)
    const [address = '', port = ''] = local?.split(':') ?? []
    const [remoteAddress = ''] = remote?.split(':') ?? []
    if (port === '') continue
    connections.push({
      localAddress: addressFrom(address),
      localPort: Number.parseInt(port, 16),
      remoteAddress: addressFrom(remoteAddress),
      state: stateNames[Number.parseInt(state ?? '0', 16)] ?? '',
    })
  }
  return connections
}

/** The kernel prints each 32-bit word in the byte order of the machine, which is little everywhere errand runs. */
function addressFrom(hex: string): string {
  const bytes: number[] = []
  for (let at = 0; at < hex.length; at += 8) {
    const word = Buffer.from(hex.slice(at, at + 8), 'hex')
    bytes.push(...word.toReversed())
  }
  if (bytes.length === 4) return bytes.join('.')
  const isMapped =
    bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  return isMapped ? bytes.slice(12).join('.') : compressed(bytes)
}

function compressed(bytes: readonly number[]): string {
  const groups: string[] = []
  for (let at = 0; at < 16; at += 2) {
    groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16))
  }
  const text = groups.join(':')
  const zeros = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/gu)].sort(
    (a, b) => b[0].length - a[0].length,
  )[0]
  if (!zeros) return text
  const before = text.slice(0, zeros.index)
  return `${before}::${text.slice(zeros.index + zeros[0].length + 1)}`
}
