import { createHmac, timingSafeEqual } from 'node:crypto'

/** One usable line of a known_hosts file. */
export interface KnownHost {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly marker: 'none' | 'revoked' | 'cert-authority'
  /** The first field: patterns with commas, or one hashed name. */
  readonly hosts: string
  /** The key's type as in the file: `ssh-ed25519`. */
  readonly keyType: string
  readonly keyBase64: string
}

/** Reads known_hosts text. Lines that are empty, comments or broken are left out, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text
    .split('\n')
    .flatMap((line, index) => parseLine(line.trim(), { file, line: index + 1 }))
}

function parseLine(
  text: string,
  place: { readonly file: string; readonly line: number },
): readonly KnownHost[] {
  if (text === '' || text.startsWith('#')) return []
  const words = text.split(/\s+/u)
  const marker = markerFrom(words[0] ?? '')
  if (marker === undefined) return []
  const [hosts, keyType, keyBase64] = marker === 'none' ? words : words.slice(1)
  if (hosts === undefined || keyType === undefined || keyBase64 === undefined) return []
  return [{ ...place, marker, hosts, keyType, keyBase64 }]
}

function markerFrom(word: string): KnownHost['marker'] | undefined {
  if (!word.startsWith('@')) return 'none'
  if (word === '@revoked') return 'revoked'
  if (word === '@cert-authority') return 'cert-authority'
  return undefined
}

/** The name that a host has in known_hosts: `host`, or `[host]:port` for another port than 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase()
  return port === 22 ? name : `[${name}]:${port}`
}

/** Whether a line is about the host of this name, see {@link knownHostName}. */
export function isAbout(entry: KnownHost, name: string): boolean {
  return entry.hosts.startsWith('|')
    ? matchesHash(entry.hosts, name)
    : matchesPatterns(entry.hosts, name)
}

/** The line for a host's key, the name in clear or hashed with a salt of 20 bytes. */
export function knownHostLine(name: string, key: Uint8Array, salt: Uint8Array | undefined): string {
  const blob = Buffer.from(key)
  return `${salt ? hashedName(name, salt) : name} ${keyTypeOf(blob)} ${blob.toString('base64')}`
}

/** The type that a public key in SSH's wire form begins with. */
export function keyTypeOf(key: Uint8Array): string {
  const blob = Buffer.from(key)
  return blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1')
}

function hashedName(name: string, salt: Uint8Array): string {
  const hash = createHmac('sha1', salt).update(name).digest('base64')
  return `|1|${Buffer.from(salt).toString('base64')}|${hash}`
}

function matchesHash(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split('|')
  if (version !== '1' || salt === undefined || hash === undefined) return false
  const expected = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  const found = Buffer.from(hash, 'base64')
  return found.length === expected.length && timingSafeEqual(found, expected)
}

function matchesPatterns(patterns: string, name: string): boolean {
  return matchesPatternList(patterns.toLowerCase().split(','), name)
}

/** OpenSSH's pattern lists: `*`, `?`, and `!` in front; a negated match beats the others. */
export function matchesPatternList(patterns: readonly string[], name: string): boolean {
  let isMatched = false
  for (const pattern of patterns) {
    const isNegated = pattern.startsWith('!')
    if (!matchesPattern(isNegated ? pattern.slice(1) : pattern, name)) continue
    if (isNegated) return false
    isMatched = true
  }
  return isMatched
}

function matchesPattern(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll(/\*+/gu, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'u').test(name)
}
