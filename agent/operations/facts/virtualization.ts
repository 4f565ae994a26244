import { content, isThere, type Facts } from './read.ts'

/** Whether this is a machine of its own, and of what kind if not. */
export function virtualizationFacts(): Facts {
  const guest = guestKinds()
  const host =
    isThere('/dev/kvm') && (content('/proc/modules') ?? '').includes('kvm') ? ['kvm'] : []
  const isGuest = guest.length > 0
  const type = guest[0] ?? host[0] ?? 'NA'
  return {
    virtualization_type: type,
    virtualization_role: isGuest ? 'guest' : host.length > 0 ? 'host' : 'NA',
    virtualization_tech_guest: guest,
    virtualization_tech_host: host,
  }
}

const byVendor: readonly (readonly [RegExp, string])[] = [
  [/VMware/u, 'VMware'],
  [/VirtualBox|innotek/u, 'virtualbox'],
  [/QEMU|KVM|Bochs|Amazon EC2|Google|DigitalOcean|OpenStack|Hetzner/u, 'kvm'],
  [/Microsoft/u, 'VirtualPC'],
  [/Parallels/u, 'parallels'],
  [/Xen|HVM domU/u, 'xen'],
]

function guestKinds(): readonly string[] {
  const kinds = containerKinds()
  const machine = ['sys_vendor', 'product_name', 'bios_vendor']
    .map((file) => content(`/sys/class/dmi/id/${file}`) ?? '')
    .join(' ')
  for (const [pattern, kind] of byVendor) if (pattern.test(machine)) kinds.push(kind)
  const isHypervised = /^flags\s*:.*\bhypervisor\b/mu.test(content('/proc/cpuinfo') ?? '')
  if (kinds.length === 0 && isHypervised) kinds.push('kvm')
  return kinds
}

function containerKinds(): string[] {
  const cgroup = content('/proc/1/cgroup') ?? ''
  const said = /(?:^|\0)container=([^\0]*)/u.exec(content('/proc/1/environ') ?? '')?.[1]
  if (isThere('/.dockerenv') || /docker/u.test(cgroup)) return ['docker', 'container']
  if (isThere('/run/.containerenv') || said === 'podman') return ['podman', 'container']
  if (said === 'lxc' || /\/lxc\//u.test(cgroup)) return ['lxc', 'container']
  if (said === 'systemd-nspawn') return ['systemd-nspawn', 'container']
  return said === undefined ? [] : ['container']
}
