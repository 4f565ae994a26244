import { arch, hostname, loadavg, machine, release, version } from 'node:os'
import { readlinkSync, statSync } from 'node:fs'
import { content, findTool, isThere, parseAssignments, printed, type Facts } from './read.ts'

/** Kernel, machine and names of this host. */
export async function platformFacts(): Promise<Facts> {
  const nodename = hostname()
  const fqdn = await fullName(nodename)
  const dot = fqdn.indexOf('.')
  return {
    system: 'Linux',
    kernel: release(),
    kernel_version: version(),
    machine: machine(),
    architecture: machine(),
    userspace_bits: arch() === 'ia32' || arch() === 'arm' ? '32' : '64',
    userspace_architecture: machine(),
    nodename,
    hostname: nodename.split('.')[0],
    fqdn,
    domain: dot < 0 ? '' : fqdn.slice(dot + 1),
    machine_id: content('/etc/machine-id') ?? content('/var/lib/dbus/machine-id'),
  }
}

/** The name with its domain, as the hosts file or the resolver has it. */
async function fullName(nodename: string): Promise<string> {
  if (nodename.includes('.')) return nodename
  const inHosts = nameInHosts(content('/etc/hosts') ?? '', nodename)
  if (inHosts !== undefined) return inHosts
  const asked = (await printed('hostname', ['-f'], 2000))?.trim()
  return asked === undefined || asked === '' ? nodename : asked
}

/** The first name with a dot of the line for this host's address, else the line's first name. */
export function nameInHosts(hosts: string, nodename: string): string | undefined {
  const lines = hosts.split('\n').map((line) => line.replace(/#.*/u, '').trim().split(/\s+/u))
  // The resolver takes the name's address, and of that address what stands first.
  const address = lines.find((words) => words.indexOf(nodename) > 0)?.[0]
  const [, ...found] = lines.find(([first]) => first === address) ?? []
  return address === undefined ? undefined : (found.find((name) => name.includes('.')) ?? found[0])
}

/** The small facts of the running system, each under the name of its part. */
export const systemFacts = {
  cmdline: () => cmdlineFacts(content('/proc/cmdline') ?? ''),
  service_mgr: () => ({ service_mgr: serviceManager() }),
  pkg_mgr: (osFamily: unknown) => ({ pkg_mgr: packageManager(osFamily) }),
  selinux: () => ({ selinux: selinuxFacts(), selinux_python_present: true }),
  apparmor: () => ({
    apparmor: { status: isThere('/sys/kernel/security/apparmor') ? 'enabled' : 'disabled' },
  }),
  fips: () => ({ fips: content('/proc/sys/crypto/fips_enabled') === '1' }),
  chroot: () => ({ is_chroot: isChroot() }),
  loadavg: () => {
    const [one = 0, five = 0, fifteen = 0] = loadavg()
    return { loadavg: { '1m': one, '5m': five, '15m': fifteen } }
  },
  lsb: async () => ({ lsb: await lsbFacts() }),
} as const

function cmdlineFacts(text: string): Facts {
  const words = cmdlineWords(text)
  return { cmdline: Object.fromEntries(words), proc_cmdline: withRepeats(words) }
}

type CmdlineWord = readonly [string, string | true]

function cmdlineWords(text: string): readonly CmdlineWord[] {
  return text
    .split(/\s+/u)
    .filter((part) => part !== '')
    .map((word) => {
      const at = word.indexOf('=')
      return at < 0 ? [word, true] : [word.slice(0, at), word.slice(at + 1)]
    })
}

/** A word that comes more than once is a list of its values. */
function withRepeats(words: readonly CmdlineWord[]): Facts {
  const found = new Map<string, unknown>()
  for (const [key, value] of words) {
    const before = found.get(key)
    if (before === undefined || value === true) found.set(key, value)
    else found.set(key, Array.isArray(before) ? [...(before as unknown[]), value] : [before, value])
  }
  return Object.fromEntries(found)
}

const byInit: Readonly<Record<string, string>> = {
  procd: 'openwrt_init',
  'runit-init': 'runit',
  svscan: 'svc',
  'openrc-init': 'openrc',
}

function serviceManager(): string {
  const init = content('/proc/1/comm')
  if (init !== undefined && init !== 'init' && !init.endsWith('sh')) return byInit[init] ?? init
  const isSystemd = findTool('systemctl') !== undefined
  if (isSystemd && ['/run/systemd/system', '/dev/.run/systemd', '/dev/.systemd'].some(isThere))
    return 'systemd'
  if (findTool('initctl') !== undefined && isThere('/etc/init')) return 'upstart'
  if (isThere('/sbin/openrc')) return 'openrc'
  if (isSystemd && linkOf('/sbin/init').endsWith('/systemd')) return 'systemd'
  return isThere('/etc/init.d') ? 'sysvinit' : 'service'
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

const managers: readonly (readonly [string, string])[] = [
  ['/usr/bin/rpm-ostree', 'atomic_container'],
  ['/usr/bin/dnf', 'dnf'],
  ['/usr/bin/yum', 'yum'],
  ['/usr/bin/apt-get', 'apt'],
  ['/usr/bin/zypper', 'zypper'],
  ['/usr/bin/pacman', 'pacman'],
  ['/sbin/apk', 'apk'],
  ['/usr/bin/emerge', 'portage'],
  ['/usr/bin/xbps-install', 'xbps'],
  ['/bin/opkg', 'opkg'],
]

function packageManager(osFamily: unknown): string {
  if (osFamily === 'Debian' && isThere('/usr/bin/apt-get')) return 'apt'
  return managers.find(([path]) => isThere(path))?.[1] ?? 'unknown'
}

function selinuxFacts(): Facts {
  const enforce = content('/sys/fs/selinux/enforce')
  if (enforce === undefined) return { status: 'disabled' }
  const config = parseAssignments(content('/etc/selinux/config') ?? '')
  return {
    status: 'enabled',
    policyvers: Number(content('/sys/fs/selinux/policyvers') ?? 0),
    config_mode: config['SELINUX'] ?? 'unknown',
    mode: enforce === '1' ? 'enforcing' : 'permissive',
    type: config['SELINUXTYPE'] ?? 'unknown',
  }
}

/** In a chroot, our root is not the root of the first process. */
function isChroot(): boolean {
  if (content('/etc/debian_chroot') !== undefined) return true
  try {
    const [own, first] = [statSync('/'), statSync('/proc/1/root/.')]
    return own.ino !== first.ino || own.dev !== first.dev
  } catch {
    return false // not allowed to look
  }
}

async function lsbFacts(): Promise<Facts> {
  const text = await printed('lsb_release', ['-a'])
  if (text === undefined) return lsbFile()
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'mu').exec(text)?.[1]
  return lsb({
    id: field('Distributor ID'),
    description: field('Description'),
    release: field('Release'),
    codename: field('Codename'),
  })
}

function lsbFile(): Facts {
  const found = parseAssignments(content('/etc/lsb-release') ?? '')
  return lsb({
    id: found['DISTRIB_ID'],
    description: found['DISTRIB_DESCRIPTION'],
    release: found['DISTRIB_RELEASE'],
    codename: found['DISTRIB_CODENAME'],
  })
}

function lsb(found: Readonly<Record<string, string | undefined>>): Facts {
  const told = Object.entries(found).filter(([, value]) => value !== undefined)
  const major = found['release']?.split('.')[0]
  return { ...Object.fromEntries(told), ...(major === undefined ? {} : { major_release: major }) }
}
