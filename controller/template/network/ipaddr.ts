import { type Datum, isSequence } from '../python/datum.ts'
import { isTrue } from '../python/compare.ts'
import { filterError } from '../python/python-error.ts'
import { toText } from '../python/text.ts'
import { Network } from './network.ts'
import { type Subject, networkQueries } from './queries.ts'

/** Which addresses are wanted, and the name of the filter for its errors. */
export interface IpaddrOptions {
  readonly version?: 4 | 6 | undefined
  readonly name?: string
}

/**
 * The filter `ipaddr`: what a query finds in an address, or in each address of a list.
 *
 * @returns False for what is no address; None for an address that is not what was asked for.
 */
export function ipaddr(value: Datum, query: Datum, options: IpaddrOptions = {}): Datum {
  if (isSequence(value)) return value.map((one) => ipaddr(one, query, options)).filter(isTrue)
  const subject = readSubject(value, options.version)
  if (!subject) return false
  if (options.version !== undefined && subject.network.version !== options.version) return false
  const name = toText(query)
  const answer = networkQueries.get(name)
  if (answer) return answer(subject)
  if (/^-?\d+$/u.test(name)) return nthHost(subject, BigInt(name))
  const range = Network.parse(name)
  if (range) return range.contains(subject.network) ? subject.given : false
  throw filterError(`${options.name ?? 'ipaddr'}: unknown filter type: ${name}`)
}

function readSubject(value: Datum, version: 4 | 6 | undefined): Subject | undefined {
  if (!isTrue(value) || value === true) return undefined
  const text = toText(value)
  if (/^\d+$/u.test(text)) return readNumber(BigInt(text), version)
  const network = Network.parse(text)
  return network && { network, given: value, hasPrefix: text.includes('/') }
}

function readNumber(value: bigint, version: 4 | 6 | undefined): Subject | undefined {
  if (value >> 128n !== 0n) return undefined
  const isFour = version !== 6 && value >> 32n === 0n
  const network = isFour ? new Network(4, value, 32) : new Network(6, value, 128)
  return { network, given: network.text(), hasPrefix: false }
}

/** The address `place` places from the start of the network, or from its end. */
function nthHost({ network, given }: Subject, place: bigint): Datum {
  const value = place < 0n ? network.last + 1n + place : network.first + place
  if (value < network.first || value > network.last) return false
  return network.size === 1n ? given : network.text(value)
}
