import { CannotDo } from '../cannot-do.ts'

/** What is gathered whatever is asked for. */
const minimal = [
  'apparmor',
  'caps',
  'cmdline',
  'date_time',
  'distribution',
  'dns',
  'env',
  'fips',
  'local',
  'lsb',
  'pkg_mgr',
  'platform',
  'python',
  'selinux',
  'service_mgr',
  'ssh_pub_keys',
  'user',
]

const others = [
  'chroot',
  'facter',
  'fibre_channel_wwn',
  'hardware',
  'iscsi',
  'loadavg',
  'network',
  'nvme',
  'ohai',
  'virtual',
]

/** Names of single facts by the part that has them. */
const members: Readonly<Record<string, readonly string[]>> = {
  caps: ['system_capabilities', 'system_capabilities_enforced'],
  chroot: ['is_chroot'],
  distribution: [
    'distribution_major_version',
    'distribution_release',
    'distribution_version',
    'os_family',
  ],
  hardware: ['devices', 'mounts', 'processor', 'processor_cores', 'processor_count'],
  network: [
    'all_ipv4_addresses',
    'all_ipv6_addresses',
    'default_ipv4',
    'default_ipv6',
    'interfaces',
  ],
  platform: [
    'architecture',
    'kernel',
    'kernel_version',
    'machine',
    'machine_id',
    'python_version',
    'system',
  ],
  ssh_pub_keys: [
    'ssh_host_key_dsa_public',
    'ssh_host_key_ecdsa_public',
    'ssh_host_key_ed25519_public',
    'ssh_host_key_rsa_public',
    'ssh_host_pub_keys',
  ],
  user: [
    'effective_group_ids',
    'effective_user_id',
    'real_user_id',
    'user_dir',
    'user_gecos',
    'user_gid',
    'user_id',
    'user_shell',
    'user_uid',
  ],
  virtual: [
    'virtualization_role',
    'virtualization_tech_guest',
    'virtualization_tech_host',
    'virtualization_type',
  ],
}

const partNames = [...minimal, ...others]
const allNames = [...partNames, ...Object.values(members).flat()].sort()

/**
 * The parts that a task asks for by `gather_subset`: the minimal ones always, unless they are taken out; what is named stays, whatever
 * is taken out.
 *
 * @throws {CannotDo} for a name that is none.
 */
export function wantedCollectors(subsets: readonly string[]): ReadonlySet<string> {
  const added = subsets.filter((name) => !name.startsWith('!'))
  const removed = subsets.filter((name) => name.startsWith('!')).map((name) => name.slice(1))
  const named = added.filter((name) => name !== 'all' && name !== 'min').flatMap(partsOf)
  const isAll = subsets.length === 0 || added.includes('all')
  const without = new Set(removed.flatMap(withoutPartsOf))
  const asked = isAll ? partNames : minimal
  const wanted = new Set([...asked.filter((part) => !without.has(part)), ...named])
  for (const part of wanted) for (const needed of needs[part] ?? []) wanted.add(needed)
  return wanted
}

/** Parts that Ansible cannot gather without another. */
const needs: Readonly<Record<string, readonly string[]>> = {
  pkg_mgr: ['distribution'],
  service_mgr: ['distribution', 'platform'],
  hardware: ['platform'],
  network: ['distribution', 'platform'],
}

/** `!all` leaves the minimal parts; an unknown name is no error here. */
function withoutPartsOf(name: string): readonly string[] {
  if (name === 'all') return others
  return name === 'min' ? minimal : [name]
}

function partsOf(name: string): readonly string[] {
  if (partNames.includes(name)) return [name]
  const part = Object.entries(members).find(([, names]) => names.includes(name))?.[0]
  if (part !== undefined) return [part]
  throw new CannotDo(
    `Bad subset '${name}' given to Ansible. gather_subset options allowed: all, ${allNames.join(', ')}`,
  )
}
