import type { Datum } from '../python/datum.ts'
import { isTrue } from '../python/compare.ts'
import { filterError } from '../python/python-error.ts'
import { toText } from '../python/text.ts'
import { Network } from './network.ts'

/**
 * The filter `ipsubnet`: splits a network into smaller ones, finds the larger ones around an address, or the rank
 * of an address in a network.
 */
export function ipsubnet(value: Datum, query: Datum, index: Datum): Datum {
  const given = isTrue(value) ? Network.parse(toText(value)) : undefined
  if (!given) return false
  const network = new Network(given.version, given.first, given.prefix)
  if (query === '' || query === null) return network.text()
  const asked = toText(query)
  if (!/^\d+$/u.test(asked)) return rankIn(network, asked)
  const prefix = Number(asked)
  if (prefix > network.bits) return false
  const place = index === null ? undefined : Number(index)
  return network.size === 1n ? around(network, prefix, place) : split(network, prefix, place)
}

function around(network: Network, prefix: number, place: number | undefined): Datum {
  const larger = Array.from({ length: network.prefix - prefix }, (_none, step) => {
    const wide = new Network(network.version, network.value, prefix + step)
    return wide.text(wide.first)
  })
  return larger.at(place ?? 0) ?? false
}

function split(network: Network, prefix: number, place: number | undefined): Datum {
  const steps = prefix - network.prefix
  if (steps < 0) {
    if (place !== undefined) return false
    throw filterError(`Requested subnet size of ${prefix} is invalid`)
  }
  const count = 1n << BigInt(steps)
  if (place === undefined) return count.toString()
  const at = place < 0 ? BigInt(place) + count : BigInt(place)
  if (at < 0n || at >= count) return false
  const size = 1n << BigInt(network.bits - prefix)
  return new Network(network.version, network.first + at * size, prefix).text()
}

function rankIn(network: Network, asked: string): Datum {
  const around = Network.parse(asked)
  if (!around) throw filterError(`You must pass a valid subnet or IP address; ${asked} is invalid`)
  const wide = new Network(around.version, around.first, around.prefix)
  if (!wide.contains(network))
    throw filterError(`${network.text()} is not in the subnet ${wide.text()}`)
  return ((network.first - wide.first) / network.size + 1n).toString()
}
