import { content, isThere, parseAssignments, type Facts } from './read.ts'

const families: Readonly<Record<string, string>> = {
  Debian: 'Debian',
  Ubuntu: 'Debian',
  Raspbian: 'Debian',
  Kali: 'Debian',
  'Linux Mint': 'Debian',
  Devuan: 'Debian',
  Pop_OS: 'Debian',
  RedHat: 'RedHat',
  CentOS: 'RedHat',
  Fedora: 'RedHat',
  Rocky: 'RedHat',
  AlmaLinux: 'RedHat',
  OracleLinux: 'RedHat',
  Amazon: 'RedHat',
  openSUSE: 'Suse',
  'openSUSE Leap': 'Suse',
  'openSUSE Tumbleweed': 'Suse',
  SLES: 'Suse',
  Archlinux: 'Archlinux',
  Manjaro: 'Archlinux',
  Alpine: 'Alpine',
  Gentoo: 'Gentoo',
  NixOS: 'NixOS',
}

const distributions: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  raspbian: 'Raspbian',
  kali: 'Kali',
  linuxmint: 'Linux Mint',
  devuan: 'Devuan',
  pop: 'Pop!_OS',
  rhel: 'RedHat',
  centos: 'CentOS',
  fedora: 'Fedora',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  ol: 'OracleLinux',
  amzn: 'Amazon',
  'opensuse-leap': 'openSUSE Leap',
  'opensuse-tumbleweed': 'openSUSE Tumbleweed',
  sles: 'SLES',
  arch: 'Archlinux',
  manjaro: 'Manjaro',
  alpine: 'Alpine',
  gentoo: 'Gentoo',
  nixos: 'NixOS',
}

const likely: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Debian',
  rhel: 'RedHat',
  fedora: 'RedHat',
  suse: 'Suse',
  opensuse: 'Suse',
  arch: 'Archlinux',
}

/** distribution, its versions and os_family, from /etc/os-release and the files beside it. */
export function distributionFacts(): Facts {
  const file = ['/etc/os-release', '/usr/lib/os-release'].find(isThere)
  const release = parseAssignments(content(file ?? '') ?? '')
  return distributionOf(release, { file, debianVersion: content('/etc/debian_version') })
}

interface Beside {
  readonly file: string | undefined
  /** The text of /etc/debian_version, which alone has Debian's minor number. */
  readonly debianVersion: string | undefined
}

/** From what the files say; see {@link distributionFacts}. */
export function distributionOf(release: Readonly<Record<string, string>>, beside: Beside): Facts {
  const id = release['ID'] ?? ''
  const distribution = distributions[id] ?? release['NAME'] ?? 'Linux'
  const version = versionOf(release, distribution, beside.debianVersion)
  const [major = 'NA', minor] = version.split('.')
  return {
    distribution,
    distribution_version: version,
    distribution_major_version: major === '' ? 'NA' : major,
    ...(minor === undefined ? {} : { distribution_minor_version: minor }),
    distribution_release: codenameOf(release),
    os_family: familyOf(distribution, release),
    ...(beside.file === undefined
      ? {}
      : {
          distribution_file_path: beside.file,
          distribution_file_variety: familyOf(distribution, release),
          distribution_file_parsed: true,
        }),
  }
}

function versionOf(
  release: Readonly<Record<string, string>>,
  distribution: string,
  debian: string | undefined,
) {
  const version = release['VERSION_ID'] ?? ''
  const isDebian = distribution === 'Debian' && debian !== undefined && /^\d+\.\d+/u.test(debian)
  if (isDebian && debian.startsWith(version)) return debian
  return version === '' ? 'NA' : version
}

function codenameOf(release: Readonly<Record<string, string>>): string {
  const named = release['VERSION_CODENAME'] ?? release['UBUNTU_CODENAME']
  return named ?? /\(([^)]+)\)/u.exec(release['VERSION'] ?? '')?.[1] ?? 'NA'
}

function familyOf(distribution: string, release: Readonly<Record<string, string>>): string {
  const known = families[distribution]
  if (known !== undefined) return known
  for (const like of (release['ID_LIKE'] ?? '').split(' ')) {
    const family = likely[like]
    if (family !== undefined) return family
  }
  return distribution
}
