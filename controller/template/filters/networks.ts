import { define } from '../define.ts'
import { type Datum, isSequence } from '../python/datum.ts'
import { isTrue } from '../python/compare.ts'
import { iterate } from '../python/iterate.ts'
import { isInteger } from '../python/number.ts'
import { PythonError, filterError } from '../python/python-error.ts'
import { toText } from '../python/text.ts'
import type { Definition, Table } from '../registry.ts'
import { ipaddr } from '../network/ipaddr.ts'
import { ipsubnet } from '../network/ipsubnet.ts'
import { Network } from '../network/network.ts'

function versioned(name: string, version?: 4 | 6): Definition<Datum> {
  return define('query', (value, [query = '']) => ipaddr(value, query, { version, name }))
}

/** Filters on IP addresses, of the collection ansible.utils. */
export const networkFilters: Table<Datum> = {
  ipaddr: versioned('ipaddr'),
  ipv4: versioned('ipv4', 4),
  ipv6: versioned('ipv6', 6),
  ipwrap: define('query', (value, [query = '']) => wrap(value, query)),
  ipsubnet: define('query index', (value, [query = '', index = null]) =>
    ipsubnet(value, query, index),
  ),
  ipmath: define('amount', (value, [amount = 0]) => {
    const network = Network.parse(toText(value).split('/')[0] ?? '')
    if (!network) throw filterError('You must pass a valid IP address')
    if (!isInteger(amount)) throw filterError('You must pass an integer for arithmetic')
    return network.address(network.value + BigInt(amount))
  }),
  nthhost: define('query', (value, [place = 0]) => {
    const network = Network.parse(toText(value))
    const at = BigInt(Number(place))
    if (!network) return false
    const found = at < 0n ? network.last + 1n + at : network.first + at
    return found < network.first || found > network.last ? false : network.address(found)
  }),
  network_in_network: define('test', (value, [test = '']) => within(value, test)),
  network_in_usable: define('test', (value, [test = '']) => {
    const [network, other] = [Network.parse(toText(value)), Network.parse(toText(test))]
    if (!network || !other || !network.contains(other)) return false
    return other.first >= network.usable[0] && other.last <= network.usable[1]
  }),
  reduce_on_network: define('network', (value, [network = '']) =>
    iterate(value).filter((one) => isTrue(within(network, one))),
  ),
  next_nth_usable: define('offset', (value, [offset = 1]) => shifted(value, Number(offset))),
  previous_nth_usable: define('offset', (value, [offset = 1]) => shifted(value, -Number(offset))),
  cidr_merge: define('action', (value, [action = 'merge']) => {
    if (action !== 'merge') throw filterError(`cidr_merge: invalid action '${toText(action)}'`)
    return merged(iterate(value).map((one) => toText(one)))
  }),
}

/** An IPv6 address in brackets; anything else as it is. */
function wrap(value: Datum, query: Datum): Datum {
  if (isSequence(value)) return value.map((one) => wrap(one, query))
  try {
    const found = ipaddr(value, query, { name: 'ipwrap' })
    return isTrue(found) ? ipaddr(found, 'wrap') : value
  } catch (error) {
    if (error instanceof PythonError) return value
    throw error
  }
}

function within(value: Datum, test: Datum): boolean {
  const [network, other] = [Network.parse(toText(value)), Network.parse(toText(test))]
  return network !== undefined && other !== undefined && network.contains(other)
}

function shifted(value: Datum, offset: number): Datum {
  const network = Network.parse(toText(value))
  if (!network || network.size === 1n) return false
  const moved = network.value + BigInt(offset)
  const [low, high] = network.usable
  return moved >= low && moved <= high ? network.address(moved) : false
}

/** The fewest networks that hold the same addresses. */
function merged(texts: readonly string[]): Datum {
  let rest = texts.map((text) => {
    const network = Network.parse(text)
    if (!network) throw filterError(`cidr_merge: invalid IP network: ${text}`)
    return new Network(network.version, network.first, network.prefix)
  })
  for (let before = -1; before !== rest.length;) {
    before = rest.length
    rest = mergeOnce(rest)
  }
  return rest.map((network) => network.text())
}

function mergeOnce(networks: readonly Network[]): Network[] {
  const ordered = networks.toSorted(
    (a, b) =>
      a.version - b.version ||
      Number(a.first > b.first) - Number(a.first < b.first) ||
      a.prefix - b.prefix,
  )
  const kept: Network[] = []
  for (const network of ordered) {
    const last = kept.at(-1)
    if (last?.contains(network) === true) continue
    const parent = last && new Network(last.version, last.first, last.prefix - 1)
    const isPair =
      last &&
      parent &&
      last.prefix === network.prefix &&
      parent.isNetwork &&
      parent.contains(network)
    if (isPair && last.prefix > 0) kept.splice(-1, 1, parent)
    else kept.push(network)
  }
  return kept
}
