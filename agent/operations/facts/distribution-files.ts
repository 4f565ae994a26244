/** The files by which Ansible tells one distribution from the other, in its order: the first that says something counts. */
import { parseAssignments, type Facts } from './read.ts'

/** A file's text; undefined when it is not there. */
export type ReadFile = (path: string) => string | undefined

/** What a file says beside what /etc/os-release was found to say; undefined: nothing, the next one is asked. */
type Rule = (text: string, read: ReadFile) => Facts | undefined

interface ReleaseFile {
  readonly path: string
  /** What the facts call the kind of file. */
  readonly variety: string
  /** That it is there says enough. */
  readonly mayBeEmpty?: boolean
  readonly rule: Rule
}

/** `name` where the text has `searched`, else its first word. */
function searching(name: string, searched: string): Rule {
  return (text) =>
    text.includes(searched)
      ? { distribution: name, distribution_file_search_string: searched }
      : { distribution: text.split(/\s/u)[0] }
}

function containing(searched: RegExp, facts: (text: string) => Facts): Rule {
  return (text) => (searched.test(text) ? facts(text) : undefined)
}

const releaseFiles: readonly ReleaseFile[] = [
  { path: '/etc/altlinux-release', variety: 'Altlinux', rule: searching('Altlinux', 'ALT') },
  {
    path: '/etc/oracle-release',
    variety: 'OracleLinux',
    rule: searching('OracleLinux', 'Oracle Linux'),
  },
  {
    path: '/etc/slackware-version',
    variety: 'Slackware',
    rule: containing(/Slackware/u, (text) => ({
      distribution: 'Slackware',
      ...versioned(/\d+\.[\d.]+\+?/u.exec(text)?.[0]),
    })),
  },
  { path: '/etc/centos-release', variety: 'CentOS', rule: centos },
  { path: '/etc/redhat-release', variety: 'RedHat', rule: searching('RedHat', 'Red Hat') },
  { path: '/etc/openwrt_release', variety: 'OpenWrt', rule: containing(/OpenWrt/u, openWrt) },
  { path: '/etc/os-release', variety: 'Amazon', rule: containing(/Amazon/u, amazon) },
  { path: '/etc/system-release', variety: 'Amazon', rule: containing(/Amazon/u, amazonRelease) },
  {
    path: '/etc/alpine-release',
    variety: 'Alpine',
    rule: (text) => ({ distribution: 'Alpine', distribution_version: text }),
  },
  { path: '/etc/arch-release', variety: 'Archlinux', mayBeEmpty: true, rule: () => ({}) },
  {
    path: '/etc/os-release',
    variety: 'Archlinux',
    rule: containing(/Arch Linux/u, () => ({ distribution: 'Archlinux' })),
  },
  { path: '/etc/os-release', variety: 'SUSE', rule: containing(/suse/iu, suse) },
  { path: '/etc/os-release', variety: 'Debian', rule: debian },
  { path: '/etc/lsb-release', variety: 'Debian', rule: debian },
  { path: '/etc/os-release', variety: 'Flatcar', rule: containing(/^ID="?flatcar/mu, flatcar) },
  { path: '/etc/os-release', variety: 'NA', rule: named },
]

/** What the file that counts says, and which one it is. */
export function factsOfReleaseFiles(read: ReadFile): Facts {
  for (const { path, variety, mayBeEmpty, rule } of releaseFiles) {
    const text = read(path)
    if (text === undefined || (text === '' && !mayBeEmpty)) continue
    const found = rule(text, read)
    if (found === undefined) continue
    const file = { distribution_file_path: path, distribution_file_variety: variety }
    const parsed = mayBeEmpty ? {} : { distribution_file_parsed: true }
    return { distribution: variety, ...file, ...parsed, ...found }
  }
  return {}
}

function versioned(version: string | undefined): Facts {
  if (version === undefined || version === '') return {}
  return { distribution_version: version, distribution_major_version: version.split('.')[0] }
}

function centos(text: string): Facts | undefined {
  if (text.includes('CentOS Stream')) return { distribution_release: 'Stream' }
  return text.includes('TencentOS Server') ? { distribution: 'TencentOS' } : undefined
}

function openWrt(text: string): Facts {
  const release = parseAssignments(text)
  return {
    distribution: 'OpenWrt',
    distribution_version: release['DISTRIB_RELEASE'],
    distribution_release: release['DISTRIB_CODENAME'],
  }
}

function amazon(text: string): Facts {
  const version = parseAssignments(text)['VERSION_ID']
  const minor = version?.split('.')[1]
  return {
    distribution: 'Amazon',
    ...versioned(version),
    ...(minor === undefined ? {} : { distribution_minor_version: minor }),
  }
}

function amazonRelease(text: string): Facts {
  return { distribution: 'Amazon', ...versioned(/\d+(?:\.\d+)*/u.exec(text)?.[0]) }
}

/** The minor number stands for the name of the release. */
function suse(text: string): Facts {
  const release = parseAssignments(text)
  const version = /^\d+\.?\d*/u.exec(release['VERSION_ID'] ?? '')?.[0]
  const minor = version?.split('.')[1] ?? ''
  return {
    distribution: release['NAME'],
    ...versioned(version),
    distribution_release: minor === '' && !/open/iu.test(text) ? '0' : minor,
  }
}

/** Of Debian itself the release is in the pretty name and the minor number in a file of its own. */
function debian(text: string, read: ReadFile): Facts | undefined {
  const release = parseAssignments(text)
  if (/Debian|Raspbian/u.test(text)) {
    const codename = /^[^(]+ \(([^)]+)\)/u.exec(release['PRETTY_NAME'] ?? '')?.[1]
    const minor = /\d+\.(\d+)/u.exec(read('/etc/debian_version') ?? '')?.[1]
    return {
      distribution: 'Debian',
      ...(codename === undefined ? {} : { distribution_release: codename }),
      ...(minor === undefined ? {} : { distribution_minor_version: minor }),
    }
  }
  const found = derived.find(([pattern]) => pattern.test(text))
  if (!found) return undefined
  const [, distribution, tellsVersion] = found
  return { distribution, ...(tellsVersion ? versioned(release['VERSION_ID']) : {}) }
}

/** Distributions of Debian's kind: how they are known, what they are called, whether the file says the version. */
const derived: readonly (readonly [RegExp, string, boolean])[] = [
  [/Ubuntu/u, 'Ubuntu', false],
  [/SteamOS/u, 'SteamOS', false],
  [/Kali/u, 'Kali', false],
  [/Parrot/u, 'Parrot', false],
  [/Devuan/u, 'Devuan', true],
  [/Cumulus/u, 'Cumulus Linux', true],
  [/Mint/u, 'Linux Mint', true],
  [/UOS|Uos|uos/u, 'Uos', true],
  [/[Dd]eepin/u, 'Deepin', true],
]

function flatcar(text: string): Facts {
  return { distribution: 'Flatcar', ...versioned(parseAssignments(text)['VERSION']) }
}

function named(text: string): Facts {
  const name = parseAssignments(text)['NAME']
  return name === undefined ? {} : { distribution: name }
}
