import { globToRegExp } from '../jobs/glob.ts'
import { text, texts } from './arguments.ts'
import { accountFacts, hostKeyFacts } from './facts/account-facts.ts'
import { dateFacts } from './facts/date-facts.ts'
import { distributionFacts } from './facts/distribution.ts'
import { hardwareFacts } from './facts/hardware.ts'
import { localFacts } from './facts/local-facts.ts'
import { networkFacts } from './facts/network.ts'
import { platformFacts, systemFacts } from './facts/platform.ts'
import { pythonFacts } from './facts/python-facts.ts'
import type { Facts } from './facts/read.ts'
import { virtualizationFacts } from './facts/virtualization.ts'
import { CannotDo, type JsonMap, type Operation } from './operation.ts'

/** `setup`: the facts of this host under the names that Ansible gives them. */
export const setup: Operation = async (args, { environment }) => {
  const subsets = texts(args, 'gather_subset')
  const wanted = wantedCollectors(subsets.length === 0 ? ['all'] : subsets)
  const found = await Promise.all(
    [...wanted].map((name) => Promise.resolve(collectors[name]?.(args, environment) ?? {})),
  )
  const facts: Record<string, unknown> = {}
  for (const [name, value] of found.flatMap((part) => Object.entries(part))) {
    if (value !== undefined) facts[`ansible_${name}`] = value
  }
  const filters = texts(args, 'filter').filter((filter) => filter !== '' && filter !== '*')
  const asked = subsets.length === 0 ? ['all'] : subsets
  const all = { ...facts, gather_subset: asked, module_setup: true }
  return { changed: false, ansible_facts: filtered(all, filters) }
}

type Collector = (
  args: JsonMap,
  environment: Readonly<Record<string, string | undefined>>,
) => Facts | Promise<Facts>

const collectors: Readonly<Record<string, Collector>> = {
  platform: platformFacts,
  distribution: distributionFacts,
  system: () => systemFacts(distributionFacts()['os_family']),
  date_time: () => ({ date_time: dateFacts(new Date()) }),
  user: accountFacts,
  ssh_pub_keys: hostKeyFacts,
  env: (_args, environment) => ({ env: environment }),
  python: pythonFacts,
  local: async (args) => ({
    local: await localFacts(text(args, 'fact_path') ?? '/etc/ansible/facts.d'),
  }),
  dns: () => ({ dns: networkFacts()['dns'] }),
  network: networkFacts,
  hardware: hardwareFacts,
  virtual: virtualizationFacts,
}

const minimal = [
  'platform',
  'distribution',
  'system',
  'date_time',
  'user',
  'ssh_pub_keys',
  'env',
  'python',
  'local',
  'dns',
]
const everything = [...minimal, 'network', 'hardware', 'virtual']

/** Names that Ansible has for parts, and where ours has them. */
const parts: Readonly<Record<string, readonly string[]>> = {
  all: everything,
  min: minimal,
  network: ['network'],
  interfaces: ['network'],
  default_ipv4: ['network'],
  default_ipv6: ['network'],
  all_ipv4_addresses: ['network'],
  all_ipv6_addresses: ['network'],
  hardware: ['hardware'],
  processor: ['hardware'],
  memory: ['hardware'],
  mounts: ['hardware'],
  devices: ['hardware'],
  dmi: ['hardware'],
  virtual: ['virtual'],
  virtualization_type: ['virtual'],
  virtualization_role: ['virtual'],
  facter: [],
  ohai: [],
  fibre_channel_wwn: [],
  iscsi: [],
  nvme: [],
  caps: [],
  apparmor: ['system'],
  cmdline: ['system'],
  fips: ['system'],
  lsb: ['system'],
  pkg_mgr: ['system'],
  selinux: ['system'],
  service_mgr: ['system'],
  chroot: ['system'],
  is_chroot: ['system'],
  loadavg: ['system'],
  system_capabilities: [],
  ...Object.fromEntries(minimal.map((name) => [name, [name]])),
}

/** The minimal part always, unless it is taken out; what is taken out wins. */
export function wantedCollectors(subsets: readonly string[]): ReadonlySet<string> {
  const added = subsets.filter((name) => !name.startsWith('!'))
  const removed = subsets.filter((name) => name.startsWith('!')).map((name) => name.slice(1))
  const wanted = new Set(removed.includes('min') ? [] : minimal)
  const isOnlyTaking = added.length === 0 && !removed.includes('all')
  for (const name of isOnlyTaking ? ['all'] : added)
    for (const part of partsOf(name)) wanted.add(part)
  for (const name of removed.filter((one) => one !== 'all' && one !== 'min')) {
    for (const part of partsOf(name)) wanted.delete(part)
  }
  return wanted
}

function partsOf(name: string): readonly string[] {
  const found = Object.hasOwn(parts, name) ? parts[name] : undefined
  if (found) return found
  const known = Object.keys(parts).sort().join(', ')
  throw new CannotDo(
    `Bad subset '${name}' given to Ansible. gather_subset options allowed: ${known}`,
  )
}

function filtered(facts: Readonly<Record<string, unknown>>, filters: readonly string[]): Facts {
  if (filters.length === 0) return facts
  const patterns = filters.flatMap((filter) => [
    globToRegExp(filter),
    globToRegExp(`ansible_${filter}`),
  ])
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => patterns.some((one) => one.test(name))),
  )
}
