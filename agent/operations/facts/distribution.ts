import { factsOfReleaseFiles, type ReadFile } from './distribution-files.ts'
import { osFamilyOf } from './os-family.ts'
import { content, parseAssignments, type Facts } from './read.ts'

/** distribution, its versions and os_family, from /etc/os-release and the files beside it. */
export function distributionFacts(): Facts {
  return distributionOf(content)
}

/** From what the files say; see {@link distributionFacts}. */
export function distributionOf(read: ReadFile): Facts {
  const release = parseAssignments(read('/etc/os-release') ?? read('/usr/lib/os-release') ?? '')
  const guess = guessed(release, read)
  const told = { ...guess, ...factsOfReleaseFiles(read) }
  return { ...told, os_family: osFamilyOf(String(told['distribution'])) }
}

/** What /etc/os-release alone says. */
function guessed(release: Readonly<Record<string, string>>, read: ReadFile): Facts {
  const id = release['ID'] ?? 'NA'
  const version = versionOf(release, read)
  return {
    distribution: ids[id] ?? id.charAt(0).toUpperCase() + id.slice(1),
    distribution_version: version,
    distribution_major_version: version.split('.')[0] ?? 'NA',
    distribution_release: codenameOf(release),
  }
}

const ids: Readonly<Record<string, string>> = {
  amzn: 'Amazon',
  rhel: 'Redhat',
  ol: 'Oracle',
}

/** Debian and CentOS have their minor numbers in files of their own. */
function versionOf(release: Readonly<Record<string, string>>, read: ReadFile): string {
  const version = release['VERSION_ID'] ?? ''
  const file = { debian: '/etc/debian_version', centos: '/etc/centos-release' }[release['ID'] ?? '']
  const exact = /\d+(?:\.\d+)?/u.exec((file === undefined ? undefined : read(file)) ?? '')?.[0]
  if (exact?.startsWith(version)) return exact
  return version === '' ? 'NA' : version
}

function codenameOf(release: Readonly<Record<string, string>>): string {
  const named = release['VERSION_CODENAME'] ?? release['UBUNTU_CODENAME']
  if (named !== undefined) return named
  const inVersion = /\((\D+)\)|,\s*(\D+)/u.exec(release['VERSION'] ?? '')
  return inVersion?.[1] ?? inVersion?.[2] ?? 'NA'
}
