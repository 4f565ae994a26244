import type { Datum } from '../python/datum.ts'
import { integer } from '../python/number.ts'
import { filterError } from '../python/python-error.ts'
import { Network } from './network.ts'

/** One value that `ipaddr` looks at. */
export interface Subject {
  readonly network: Network
  /** The text that was given. */
  readonly given: Datum
  /** Whether it was given with a prefix. */
  readonly hasPrefix: boolean
}

type Answer = (subject: Subject) => Datum

/** What each query of `ipaddr` answers; None where the value is not what was asked for. */
export const networkQueries: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['', ({ network, hasPrefix }) => (hasPrefix ? network.text() : network.address())],
  ['bool', () => true],
  ['address', addressOf],
  ['ip', addressOf],
  ['broadcast', ({ network }) => (network.size > 2n ? network.address(network.last) : null)],
  ['cidr', ({ network }) => network.text()],
  ['first_usable', ranged(({ network }) => network.address(network.usable[0]))],
  ['last_usable', ranged(({ network }) => network.address(network.usable[1]))],
  [
    'range_usable',
    ranged(({ network }) => network.usable.map((value) => network.address(value)).join('-')),
  ],
  ['next_usable', ranged((subject) => neighbour(subject, 1n))],
  ['previous_usable', ranged((subject) => neighbour(subject, -1n))],
  ['peer', peerOf],
  [
    'host',
    ({ network }) =>
      network.size === 1n || !network.isNetwork || !network.hasBroadcast ? network.text() : null,
  ],
  ...['host/prefix', 'hostnet', 'address/prefix', 'gateway', 'gw', 'router'].map(
    (name): [string, Answer] => [name, hostWithPrefix],
  ),
  ['ip/prefix', ({ network }) => (isHostInNetwork(network) ? network.text() : null)],
  [
    'ip_netmask',
    ({ network }) =>
      isHostInNetwork(network) ? `${network.address()} ${network.address(network.netmask)}` : null,
  ],
  ['hostmask', ({ network }) => network.address(network.size - 1n)],
  ['wildcard', ({ network }) => network.address(network.size - 1n)],
  [
    'int',
    ({ network, hasPrefix }) =>
      hasPrefix ? `${network.value}/${network.prefix}` : integer(network.value),
  ],
  ['ipv4', ({ network, given }) => toFour(network, given)],
  ['v4', ({ network, given }) => toFour(network, given)],
  ['ipv6', ({ network, given }) => toSix(network, given)],
  ['v6', ({ network, given }) => toSix(network, given)],
  ['net', ({ network }) => (network.size > 1n && network.isNetwork ? network.text() : null)],
  ['netmask', ({ network }) => network.address(network.netmask)],
  ['network', ({ network }) => network.address(network.first)],
  ['network_id', ({ network }) => network.address(network.first)],
  ['network/prefix', ({ network }) => network.text(network.first)],
  ['subnet', ({ network }) => network.text(network.first)],
  [
    'network_netmask',
    ({ network }) => `${network.address(network.first)} ${network.address(network.netmask)}`,
  ],
  [
    'network_wildcard',
    ({ network }) => `${network.address(network.first)} ${network.address(network.size - 1n)}`,
  ],
  ['prefix', ({ network }) => network.prefix],
  ['revdns', ({ network }) => reverseName(network)],
  ['size', ({ network }) => integer(network.size)],
  [
    'size_usable',
    ({ network }) =>
      integer(network.size === 1n ? 0n : network.size === 2n ? 2n : network.size - 2n),
  ],
  ['type', ({ network }) => (network.size > 1n && network.isNetwork ? 'network' : 'address')],
  ['version', ({ network }) => network.version],
  ['wrap', ({ network, given, hasPrefix }) => wrapped(network, given, hasPrefix)],
  ['link-local', within('169.254.0.0/16', 'fe80::/10')],
  ['loopback', within('127.0.0.0/8', '::1/128')],
  ['lo', within('127.0.0.0/8', '::1/128')],
  ['multicast', within('224.0.0.0/4', 'ff00::/8')],
  ['unicast', without('224.0.0.0/4', 'ff00::/8')],
  ['private', ({ network, given }) => (isGlobal(network) ? null : given)],
  ['public', ({ network, given }) => (isGlobal(network) && !isMulticast(network) ? given : null)],
])

function ranged(answer: Answer): Answer {
  return (subject) => {
    if (!subject.hasPrefix) throw filterError('Not a network address')
    return subject.network.size > 1n ? answer(subject) : null
  }
}

function addressOf({ network }: Subject): Datum {
  const isHost =
    network.size === 1n || !network.isNetwork || !network.hasBroadcast || network.version === 6
  return isHost ? network.address() : null
}

function neighbour({ network }: Subject, step: bigint): Datum {
  const value = network.value + step
  const [low, high] = network.usable
  return value >= low && value <= high ? network.address(value) : null
}

function peerOf({ network, hasPrefix }: Subject): Datum {
  if (!hasPrefix) throw filterError('Not a network address')
  if (network.size === 2n) return network.address(network.value ^ 1n)
  if (network.size !== 4n) throw filterError('Not a point-to-point network')
  if (network.value % 4n === 0n) throw filterError('Network address of /30 has no peer')
  if (network.value % 4n === 3n) throw filterError('Broadcast address of /30 has no peer')
  return network.address(network.value ^ 3n)
}

function hostWithPrefix({ network }: Subject): Datum {
  const isEdge = network.value === network.first || network.value === network.last
  return network.size > 2n && isEdge ? false : network.text()
}

function isHostInNetwork(network: Network): boolean {
  return network.size === 2n || (network.size > 1n && !network.isNetwork)
}

function toFour(network: Network, given: Datum): Datum {
  if (network.version === 4) return given
  const isMapped = network.value >> 32n === 0xffffn || network.value >> 32n === 0n
  return isMapped
    ? new Network(4, network.value & 0xffffffffn, Math.max(0, network.prefix - 96)).text()
    : false
}

function toSix(network: Network, given: Datum): Datum {
  if (network.version === 6) return given
  return new Network(6, (0xffffn << 32n) | network.value, network.prefix + 96).text()
}

function reverseName(network: Network): string {
  if (network.version === 4)
    return `${network.address().split('.').toReversed().join('.')}.in-addr.arpa.`
  return `${Array.from(network.value.toString(16).padStart(32, '0')).toReversed().join('.')}.ip6.arpa.`
}

function wrapped(network: Network, given: Datum, hasPrefix: boolean): Datum {
  if (network.version === 4) return given
  return hasPrefix ? `[${network.address()}]/${network.prefix}` : `[${network.address()}]`
}

function isIn(network: Network, ranges: readonly string[]): boolean {
  const address = new Network(network.version, network.value, network.bits)
  return ranges.some((range) => Network.parse(range)?.contains(address) === true)
}

function within(...ranges: readonly string[]): Answer {
  return ({ network, given }) => (isIn(network, ranges) ? given : null)
}

function without(...ranges: readonly string[]): Answer {
  return ({ network, given }) => (isIn(network, ranges) ? null : given)
}

function isMulticast(network: Network): boolean {
  return isIn(network, ['224.0.0.0/4', 'ff00::/8'])
}

/** Ranges that are not for the public internet: the special registries of IANA. */
const SPECIAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '::ffff:0:0/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
]

function isGlobal(network: Network): boolean {
  return !isIn(network, SPECIAL)
}
