import { existsSync, readlinkSync, realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { content, printed, unsortedNames, type Facts } from './read.ts'

/** What an interface is made of: its driver and bus, the members of a bridge or a bond. */
export function linkFacts(name: string): Facts {
  const folder = `/sys/class/net/${name}`
  return { ...busFacts(folder), ...bridgeFacts(folder), ...bondFacts(folder) }
}

function busFacts(folder: string): Facts {
  const module = nameBehind(`${folder}/device/driver/module`, realpathSync)
  const pciid = nameBehind(`${folder}/device`, readlinkSync)
  return {
    ...(module === undefined ? {} : { module }),
    ...(pciid === undefined ? {} : { pciid }),
  }
}

function nameBehind(path: string, read: (path: string) => string): string | undefined {
  try {
    return basename(read(path))
  } catch {
    return undefined // no hardware
  }
}

function bridgeFacts(folder: string): Facts {
  if (!existsSync(`${folder}/bridge`)) return {}
  return {
    interfaces: unsortedNames(`${folder}/brif`),
    id: content(`${folder}/bridge/bridge_id`) ?? '',
    stp: content(`${folder}/bridge/stp_state`) === '1',
  }
}

function bondFacts(folder: string): Facts {
  const permanent = content(`${folder}/bonding_slave/perm_hwaddr`)
  const slave = permanent === undefined ? {} : { perm_macaddress: permanent }
  if (!existsSync(`${folder}/bonding`)) return slave
  const word = (file: string) => (content(`${folder}/bonding/${file}`) ?? '').split(' ')[0] ?? ''
  const primary = word('primary')
  return {
    ...slave,
    slaves: (content(`${folder}/bonding/slaves`) ?? '').split(' ').filter((one) => one !== ''),
    mode: word('mode'),
    miimon: word('miimon'),
    lacp_rate: word('lacp_rate'),
    ...(primary === '' ? {} : { primary, all_slaves_active: word('all_slaves_active') === '1' }),
  }
}

/** What ethtool says of an interface, where it is there. */
export async function toolFacts(name: string): Promise<Facts> {
  const [features, stamps] = await Promise.all([
    printed('ethtool', ['-k', name]),
    printed('ethtool', ['-T', name]),
  ])
  return {
    ...(features === undefined ? {} : { features: featuresOf(features) }),
    ...(stamps === undefined ? {} : stampFacts(stamps)),
  }
}

function featuresOf(text: string): Facts {
  const pairs = text
    .trim()
    .split('\n')
    .filter((line) => !line.endsWith(':'))
    .map((line) => line.split(': '))
  const told = pairs.filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(
    told.map(([key = '', value = '']) => [key.trim().replaceAll('-', '_'), value.trim()]),
  )
}

function stampFacts(text: string): Facts {
  const all = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, one = '']) => one.toLowerCase())
  const clock = /PTP Hardware Clock: (\d+)/u.exec(text)?.[1]
  return {
    timestamping: all(/SOF_TIMESTAMPING_(\w+)/gu),
    hw_timestamp_filters: all(/HWTSTAMP_FILTER_(\w+)/gu),
    ...(clock === undefined ? {} : { phc_index: Number(clock) }),
  }
}
