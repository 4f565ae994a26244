import { content, isThere, type Facts } from './read.ts'

/** What tells of a machine: its files, by path. */
export interface Machine {
  readonly content: (file: string) => string | undefined
  readonly isThere: (path: string) => boolean
}

/** One thing that tells of a guest, or of a host of guests. */
interface Sign {
  readonly tech: string
  readonly of: 'guest' | 'host'
  /** What the machine then is, unless an earlier sign said; by default as `tech` and `of` say. */
  readonly type?: string
  readonly role?: string
}

/**
 * Whether this is a machine of its own, and of what kind if not. The signs and their order are those of Ansible: the first one
 * says what the machine is, and all of them what is there.
 */
export function virtualizationFacts(machine: Machine = { content, isThere }): Facts {
  const signs = [
    ...containerSigns(machine),
    ...xenSigns(machine),
    ...boardSigns(machine),
    ...processorSigns(machine),
    ...moduleSigns(machine),
    ...lateSigns(machine),
  ]
  const [first] = signs
  const techs = (of: Sign['of']) => [
    ...new Set(signs.filter((sign) => sign.of === of).map(({ tech }) => tech)),
  ]
  return {
    virtualization_type: first ? (first.type ?? first.tech) : 'NA',
    virtualization_role: first ? (first.role ?? first.of) : 'NA',
    virtualization_tech_guest: techs('guest'),
    virtualization_tech_host: techs('host'),
  }
}

function containerSigns({ content: read, isThere: has }: Machine): readonly Sign[] {
  const groups = read('/proc/1/cgroup') ?? ''
  const variables = (read('/proc/1/environ') ?? '').split('\0')
  const manager = read('/run/systemd/container') ?? ''
  const signs = [
    ...when(/\/docker(?:\/|-[0-9a-f]+\.scope)/u.test(groups), guest('docker')),
    ...when(/\/lxc\/|\/machine\.slice\/machine-lxc/u.test(groups), guest('lxc')),
    ...when(groups.includes('/system.slice/containerd.service'), guest('containerd')),
    ...when(
      variables.some((one) => one.includes('container=lxc')),
      guest('lxc'),
    ),
    ...when(
      variables.some((one) => one.includes('container=podman')),
      guest('podman'),
    ),
    ...when(
      variables.some((one) => /^container=./u.test(one)),
      guest('container'),
    ),
    ...when(has('/proc/vz') && !has('/proc/lve'), {
      tech: 'openvz',
      of: has('/proc/bc') ? 'host' : 'guest',
    }),
    ...when(manager !== '', guest(manager)),
    ...when(has('/.dockerenv') || has('/.dockerinit'), guest('docker')),
  ]
  const isContainer = signs.some(({ tech, of }) => of === 'guest' && containers.has(tech))
  return [...signs, ...when(isContainer || manager !== '', guest('container'))]
}

const containers: ReadonlySet<string> = new Set(['docker', 'lxc', 'podman', 'openvz', 'containerd'])

function xenSigns({ content: read, isThere: has }: Machine): readonly Sign[] {
  if (!has('/proc/xen')) return []
  const isHost = (read('/proc/xen/capabilities') ?? '').includes('control_d')
  return [{ tech: 'xen', of: isHost ? 'host' : 'guest' }]
}

/** What the maker of the machine says of it, by the file that says so. */
const boards: readonly (readonly [file: string, words: readonly string[], tech: string])[] = [
  ['product_name', ['KVM', 'KVM Server', 'Bochs', 'AHV'], 'kvm'],
  ['sys_vendor', ['oVirt'], 'oVirt'],
  ['product_name', ['RHEV Hypervisor'], 'RHEV'],
  ['product_name', ['VMware Virtual Platform', 'VMware7,1'], 'VMware'],
  ['product_name', ['OpenStack Compute', 'OpenStack Nova'], 'openstack'],
  ['bios_vendor', ['Xen'], 'xen'],
  ['bios_vendor', ['innotek GmbH'], 'virtualbox'],
  ['bios_vendor', ['Amazon EC2', 'DigitalOcean', 'Hetzner'], 'kvm'],
  ['sys_vendor', ['QEMU', 'Amazon EC2', 'DigitalOcean', 'Google', 'Scaleway', 'Nutanix'], 'kvm'],
  ['sys_vendor', ['KubeVirt'], 'KubeVirt'],
  ['sys_vendor', ['Microsoft Corporation'], 'VirtualPC'],
  ['sys_vendor', ['Parallels Software International Inc.'], 'parallels'],
  ['sys_vendor', ['OpenStack Foundation'], 'openstack'],
]

function board({ content: read }: Machine, file: string): string {
  return read(`/sys/devices/virtual/dmi/id/${file}`) ?? ''
}

function boardSigns(machine: Machine): readonly Sign[] {
  const isRedHat = board(machine, 'sys_vendor') === 'Red Hat'
  const isRhv = isRedHat && board(machine, 'product_family') === 'RHV'
  const found = boards.filter(
    ([file, words, tech]) =>
      words.includes(board(machine, file)) && (tech !== 'RHEV' || (isRedHat && !isRhv)),
  )
  return [...when(isRhv, guest('RHV')), ...found.map(([, , tech]) => guest(tech))]
}

const processors: readonly (readonly [pattern: RegExp, tech: string])[] = [
  [/^model name.*QEMU Virtual CPU/mu, 'kvm'],
  [/^vendor_id.*User Mode Linux|^model name.*UML/mu, 'uml'],
  [/^machine.*CHRP IBM pSeries .emulated by qemu./mu, 'kvm'],
  [/^vendor_id.*PowerVM Lx86/mu, 'powervm_lx86'],
]

function processorSigns({ content: read }: Machine): readonly Sign[] {
  const status = /^VxID:\s+(\d+)/mu.exec(read('/proc/self/status') ?? '')
  const cpus = read('/proc/cpuinfo') ?? ''
  return [
    ...when(status !== null, {
      tech: 'linux_vserver',
      of: status?.[1]?.startsWith('0') ? 'host' : 'guest',
    }),
    ...processors.filter(([pattern]) => pattern.test(cpus)).map(([, tech]) => guest(tech)),
    ...when(/^vendor_id.*IBM\/S390/mu.test(cpus), { ...guest('PR/SM'), role: 'LPAR' }),
  ]
}

function moduleSigns({ content: read }: Machine): readonly Sign[] {
  const lines = (read('/proc/modules') ?? '').split('\n')
  const modules = new Set(lines.map((line) => line.split(' ')[0]))
  return [
    ...when(modules.has('kvm'), { tech: 'kvm', of: 'host' }),
    ...when(modules.has('vboxdrv'), { tech: 'virtualbox', of: 'host' }),
    // Ansible counts it among the hosts' and says that this is a guest.
    ...when(modules.has('virtio'), { tech: 'kvm', of: 'host', role: 'guest' }),
  ]
}

function lateSigns(machine: Machine): readonly Sign[] {
  const product = board(machine, 'product_name')
  return [
    ...when(product.startsWith('VMware'), guest('VMware')),
    ...when(product.includes('BHYVE'), guest('bhyve')),
    ...when(machine.isThere('/dev/kvm'), { tech: 'kvm', of: 'host' }),
  ]
}

function guest(tech: string): Sign {
  return { tech, of: 'guest' }
}

function when(isSo: boolean, sign: Sign): readonly Sign[] {
  return isSo ? [sign] : []
}
