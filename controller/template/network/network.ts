import { formatAddress, parseAddress } from './address.ts'

/** An IP address together with the network that it is in. */
export class Network {
  readonly version: 4 | 6
  /** The address as a number. */
  readonly value: bigint
  readonly prefix: number

  constructor(version: 4 | 6, value: bigint, prefix: number) {
    this.version = version
    this.value = value
    this.prefix = prefix
  }

  /** Reads `address`, `address/prefix` or `address/mask`; nothing when it is none of these. */
  static parse(text: string): Network | undefined {
    const [address = '', suffix, ...more] = text.trim().split('/')
    const parsed = parseAddress(address)
    if (!parsed || more.length > 0) return undefined
    const bits = parsed.version === 4 ? 32 : 128
    const prefix = suffix === undefined ? bits : prefixOf(suffix, bits)
    return prefix === undefined ? undefined : new Network(parsed.version, parsed.value, prefix)
  }

  get bits(): number {
    return this.version === 4 ? 32 : 128
  }

  get size(): bigint {
    return 1n << BigInt(this.bits - this.prefix)
  }

  /** The first address of the network. */
  get first(): bigint {
    return this.value & this.netmask
  }

  /** The last address of the network. */
  get last(): bigint {
    return this.first + this.size - 1n
  }

  get netmask(): bigint {
    return ((1n << BigInt(this.bits)) - 1n) ^ (this.size - 1n)
  }

  /** Whether the address is the network's own. */
  get isNetwork(): boolean {
    return this.value === this.first
  }

  get hasBroadcast(): boolean {
    return this.version === 6 || this.bits - this.prefix > 1
  }

  /** The addresses for hosts: without the network's own and the broadcast address, where there are those. */
  get usable(): readonly [bigint, bigint] {
    return this.size <= 2n ? [this.first, this.last] : [this.first + 1n, this.last - 1n]
  }

  contains(other: Network): boolean {
    return this.version === other.version && this.first <= other.first && other.last <= this.last
  }

  /** An address of this version as text. */
  address(value: bigint = this.value): string {
    return formatAddress(value, this.version)
  }

  /** The address and the prefix as text. */
  text(value: bigint = this.value): string {
    return `${this.address(value)}/${this.prefix}`
  }
}

function prefixOf(text: string, bits: number): number | undefined {
  if (/^\d+$/u.test(text)) return Number(text) <= bits ? Number(text) : undefined
  const mask = parseAddress(text)
  if (!mask || (mask.version === 4 ? 32 : 128) !== bits) return undefined
  const digits = mask.value.toString(2).padStart(bits, '0')
  const isMask = /^1*0*$/u.test(digits)
  if (isMask) return digits.lastIndexOf('1') + 1
  return /^0*1*$/u.test(digits) ? digits.indexOf('1') : undefined
}
