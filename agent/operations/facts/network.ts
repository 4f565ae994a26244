import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { linkFacts, toolFacts } from './interface-facts.ts'
import { content, printed, unsortedNames, type Facts } from './read.ts'

/** Interfaces, addresses and default routes. */
export async function networkFacts(): Promise<Facts> {
  const names = interfaceNames()
  const addresses = networkInterfaces()
  const broadcasts = parseBroadcasts(await printed('ip', ['-4', '-o', 'addr', 'show']))
  const interfaces = await Promise.all(
    names.map(async (name) => ({
      ...interfaceFacts(name, addresses[name] ?? [], broadcasts),
      ...(await toolFacts(name)),
    })),
  )
  const all = names.flatMap((name) => addresses[name] ?? [])
  const isLocal = ({ internal, address }: NetworkInterfaceInfo) =>
    internal || address.startsWith('127.')
  return {
    interfaces: names,
    ...Object.fromEntries(interfaces.map((facts, at) => [factName(names[at] ?? ''), facts])),
    all_ipv4_addresses: all
      .filter((one) => one.family === 'IPv4' && !isLocal(one))
      .map(({ address }) => address),
    all_ipv6_addresses: all
      .filter((one) => one.family === 'IPv6' && !isLocal(one))
      .map(({ address }) => address),
    default_ipv4: defaultIpv4(addresses, broadcasts),
    default_ipv6: defaultIpv6(addresses),
  }
}

/** From /proc, which shows the network of this namespace; /sys may be of another. Where both have one, /sys says the order. */
function interfaceNames(): readonly string[] {
  const lines = (content('/proc/net/dev') ?? '').split('\n').slice(2)
  const names = lines.map((line) => (line.split(':')[0] ?? '').trim()).filter((name) => name !== '')
  const inOrder = unsortedNames('/sys/class/net').filter((name) => names.includes(name))
  return [...inOrder, ...names.filter((name) => !inOrder.includes(name))]
}

function factName(name: string): string {
  return name.replace(/[-.:]/gu, '_')
}

/** The broadcast addresses by address, as `ip -o addr` prints them; undefined when there is no ip. */
export function parseBroadcasts(text: string | undefined): Broadcasts | undefined {
  if (text === undefined) return undefined
  const found = text.matchAll(/^\d+: \S+ +inet ([\d.]+)\/\d+ brd ([\d.]+) /gmu)
  return new Map(Array.from(found, ([, address = '', broadcast = '']) => [address, broadcast]))
}

type Broadcasts = ReadonlyMap<string, string>

function interfaceFacts(
  name: string,
  addresses: readonly NetworkInterfaceInfo[],
  broadcasts: Broadcasts | undefined,
): Facts {
  const sys = (file: string) => content(`/sys/class/net/${name}/${file}`)
  const ipv4 = addresses
    .filter(({ family }) => family === 'IPv4')
    .map((one) => ipv4Facts(one, broadcasts))
  const ipv6 = addresses.filter(({ family }) => family === 'IPv6').map((one) => ipv6Facts(one))
  const mac = addresses[0]?.mac ?? sys('address')
  const flags = Number(sys('flags') ?? (addresses.length > 0 ? 1 : 0))
  const speed = Number(sys('speed') ?? Number.NaN)
  return {
    device: name,
    ...(mac === undefined || name === 'lo' ? {} : { macaddress: mac }),
    mtu: mtuOf(name),
    active: sys('operstate') === undefined ? addresses.length > 0 : sys('operstate') !== 'down',
    type: typeOf(name, sys('type')),
    ...linkFacts(name),
    ...(Number.isNaN(speed) ? {} : { speed }),
    promisc: (flags & 0x100) !== 0,
    ...(ipv4[0] ? { ipv4: ipv4[0] } : {}),
    ...(ipv4.length > 1 ? { ipv4_secondaries: ipv4.slice(1) } : {}),
    ...(ipv6.length > 0 ? { ipv6 } : {}),
  }
}

function typeOf(name: string, type: string | undefined): string {
  if (content(`/sys/class/net/${name}/bridge/bridge_id`) !== undefined) return 'bridge'
  if (content(`/sys/class/net/${name}/bonding/mode`) !== undefined) return 'bonding'
  if (name === 'lo') return 'loopback'
  return type === undefined ? 'ether' : (types[type] ?? 'unknown')
}

// The numbers that the kernel has for kinds of hardware (if_arp.h).
const types: Readonly<Record<string, string>> = {
  '1': 'ether',
  '32': 'infiniband',
  '512': 'ppp',
  '772': 'loopback',
  '65534': 'tunnel',
}

function mtuOf(name: string): number {
  const mtu = content(`/sys/class/net/${name}/mtu`)
  return mtu === undefined ? (name === 'lo' ? 65_536 : 1500) : Number(mtu)
}

function ipv4Facts(
  { address, netmask, internal, cidr }: NetworkInterfaceInfo,
  broadcasts: Broadcasts | undefined,
): Facts {
  const [own, mask] = [toNumber(address), toNumber(netmask)]
  const prefix = cidr?.split('/')[1] ?? '32'
  // A network of one or two addresses has none.
  const usual = internal || Number(prefix) > 30 ? '' : toAddress((own & mask) | (~mask >>> 0))
  return {
    address,
    broadcast: broadcasts ? (broadcasts.get(address) ?? '') : usual,
    netmask,
    network: toAddress(own & mask),
    prefix,
  }
}

function ipv6Facts({ address, cidr, internal }: NetworkInterfaceInfo): Facts {
  const scope = internal ? 'host' : address.startsWith('fe80:') ? 'link' : 'global'
  return { address, prefix: cidr?.split('/')[1] ?? '128', scope }
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function toAddress(value: number): string {
  const bits = value >>> 0
  return [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join('.')
}

type Addresses = ReturnType<typeof networkInterfaces>

function defaultIpv4(addresses: Addresses, broadcasts: Broadcasts | undefined): Facts {
  const route = parseDefaultRoute(content('/proc/net/route') ?? '')
  const own = route && addresses[route.name]?.find(({ family }) => family === 'IPv4')
  if (!route || !own) return {}
  return {
    gateway: route.gateway,
    interface: route.name,
    ...ipv4Facts(own, broadcasts),
    macaddress: own.mac,
    mtu: mtuOf(route.name),
    type: typeOf(route.name, content(`/sys/class/net/${route.name}/type`)),
    alias: route.name,
  }
}

/** The default route with the lowest metric, from the text of /proc/net/route. */
export function parseDefaultRoute(
  table: string,
): { readonly name: string; readonly gateway: string } | undefined {
  let best: { readonly name: string; readonly gateway: string; readonly metric: number } | undefined
  for (const line of table.split('\n').slice(1)) {
    const [name, destination, gateway, , , , metric, mask] = line.trim().split(/\s+/u)
    if (destination !== '00000000' || mask !== '00000000' || !name || !gateway) continue
    const found = {
      name,
      gateway: [...Buffer.from(gateway, 'hex')].toReversed().join('.'),
      metric: Number(metric),
    }
    if (!best || found.metric < best.metric) best = found
  }
  return best
}

function defaultIpv6(addresses: Addresses): Facts {
  const lines = (content('/proc/net/ipv6_route') ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
  const route = lines.find(([to, length, , , via, , , , , name]) => {
    return /^0+$/u.test(to ?? '') && length === '00' && !/^0+$/u.test(via ?? '') && name !== 'lo'
  })
  const name = route?.[9] ?? ''
  const own = addresses[name]?.find(
    ({ family, address }) => family === 'IPv6' && !address.startsWith('fe80:'),
  )
  if (!route || !own) return {}
  return {
    gateway: shortIpv6(route[4] ?? ''),
    interface: name,
    ...ipv6Facts(own),
    macaddress: own.mac,
    mtu: mtuOf(name),
    type: typeOf(name, content(`/sys/class/net/${name}/type`)),
  }
}

function shortIpv6(hex: string): string {
  const groups = (hex.match(/.{4}/gu) ?? []).map((group) => group.replace(/^0{1,3}/u, ''))
  return groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/u, '::')
}

/** The text of resolv.conf. */
export function dnsFacts(text: string): Facts {
  const facts: Record<string, unknown> = {}
  for (const line of text.split('\n')) {
    const [key, ...values] = line
      .replace(/[#;].*/u, '')
      .trim()
      .split(/\s+/u)
    if (key === 'nameserver')
      facts['nameservers'] = [...((facts['nameservers'] ?? []) as string[]), ...values]
    if (key === 'domain') facts['domain'] = values[0]
    if (key === 'search' || key === 'sortlist') facts[key] = values
    if (key === 'options') facts['options'] = Object.fromEntries(values.map(optionOf))
  }
  return facts
}

function optionOf(option: string): readonly [string, string | boolean] {
  const [name = '', value] = option.split(':')
  return [name, value ?? true]
}
