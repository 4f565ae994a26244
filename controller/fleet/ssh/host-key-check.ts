import { createHash, randomBytes } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ErrandError } from '../../../proto/errors.ts'
import {
  isAbout,
  keyTypeOf,
  knownHostLine,
  parseKnownHosts,
  type KnownHost,
} from './known-hosts.ts'

/** Where the keys of one host are looked up, and what is done with one that nobody knows. */
export interface HostKeyPolicy {
  /** The inventory's name, for the sentences. */
  readonly host: string
  /** As in the files: `host` or `[host]:port`. */
  readonly name: string
  /** The user's own come first: an accepted key is added to the first. */
  readonly userFiles: readonly string[]
  readonly globalFiles: readonly string[]
  readonly isHashed: boolean
  readonly acceptNew: boolean
}

/** What the files say of a host. */
export interface HostKeys {
  readonly policy: HostKeyPolicy
  readonly entries: readonly KnownHost[]
}

export type KeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly error: ErrandError }

/** Reads all that is known of a host; files that are not there know nothing. */
export async function readHostKeys(policy: HostKeyPolicy): Promise<HostKeys> {
  const files = [...policy.userFiles, ...policy.globalFiles]
  const texts = await Promise.all(
    files.map((file) => readFile(file, 'utf8').catch(nothingWhenMissing)),
  )
  const all = texts.flatMap((text, index) => parseKnownHosts(text, files[index] ?? ''))
  return { policy, entries: all.filter((entry) => isAbout(entry, policy.name)) }
}

function nothingWhenMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return ''
  throw new ErrandError('invalid', `the known hosts cannot be read: ${error.message}`, {
    cause: error,
  })
}

/**
 * The host key algorithms to offer: those of the key types that are known, so that a server with several keys shows
 * one that can be compared. Without any: all but the ones that sign with SHA-1.
 */
export function hostKeyAlgorithms({ entries }: HostKeys): readonly string[] {
  const known = new Set(
    entries.filter(({ marker }) => marker === 'none').map(({ keyType }) => keyType),
  )
  const all = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'ssh-rsa',
  ]
  const chosen = all.filter((type) => known.has(type))
  return (chosen.length > 0 ? chosen : all).flatMap((type) =>
    type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type],
  )
}

/** Compares the key that a host showed with what is known. */
export function judgeHostKey({ policy, entries }: HostKeys, key: Uint8Array): KeyVerdict {
  const base64 = Buffer.from(key).toString('base64')
  const revoked = entries.find(
    ({ marker, keyBase64 }) => marker === 'revoked' && keyBase64 === base64,
  )
  if (revoked) return refused(`the key of ${policy.host} was revoked in ${placeOf(revoked)}`)
  const plain = entries.filter(({ marker }) => marker === 'none')
  if (plain.some(({ keyBase64 }) => keyBase64 === base64)) return { kind: 'known' }
  const other = plain.find(({ keyType }) => keyType === keyTypeOf(key)) ?? plain[0]
  if (other) return refused(changedSentence(policy, { other, key }))
  return { kind: 'unknown' }
}

function changedSentence(
  policy: HostKeyPolicy,
  { other, key }: { readonly other: KnownHost; readonly key: Uint8Array },
): string {
  return (
    `the host key of ${policy.host} has changed: it now shows ${fingerprint(key)}, not the one in ${placeOf(other)}; ` +
    `somebody may be listening in; if the change is right, remove that line`
  )
}

/** The sentence for a key that nobody knows, and how to accept it. */
export function unknownKeyError({ policy, entries }: HostKeys, key: Uint8Array): ErrandError {
  const authority = entries.find(({ marker }) => marker === 'cert-authority')
  const extra = authority
    ? ` (host certificates, as in ${placeOf(authority)}, are not supported)`
    : ''
  return new ErrandError(
    'denied',
    `the host key of ${policy.host} is unknown${extra}: it shows ${fingerprint(key)}; when that is right, accept it ` +
      `with --accept-new-host-keys or add it to ${policy.userFiles[0] ?? 'known_hosts'}`,
  )
}

/** Adds an accepted key to the user's first file. */
export async function rememberHostKey({ policy }: HostKeys, key: Uint8Array): Promise<void> {
  const file = policy.userFiles[0]
  if (file === undefined || file === '/dev/null') return
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const present = await readFile(file, 'utf8').catch(nothingWhenMissing)
  const start = present === '' || present.endsWith('\n') ? '' : '\n'
  const salt = policy.isHashed ? randomBytes(20) : undefined
  await appendFile(file, `${start}${knownHostLine(policy.name, key, salt)}\n`, { mode: 0o600 })
}

function refused(sentence: string): KeyVerdict {
  return { kind: 'refused', error: new ErrandError('denied', sentence) }
}

function placeOf({ file, line }: KnownHost): string {
  return `${file}:${line}`
}

/** As ssh-keygen -l prints it: `ssh-ed25519 SHA256:…`. */
function fingerprint(key: Uint8Array): string {
  const hash = createHash('sha256').update(key).digest('base64').replaceAll('=', '')
  return `${keyTypeOf(key)} SHA256:${hash}`
}
