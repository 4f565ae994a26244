/** Sealing and opening as ansible-vault does: AES-256 in counter mode, its keys derived from a password. */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { writeEnvelope, type Envelope } from './envelope.ts'

/** A password to seal and open vaults with. */
export interface VaultSecret {
  /** The label of `--vault-id label@source`; `default` where none was given. */
  readonly id: string
  readonly password: string
}

/** What was inside, and what opened it. */
export interface Opened {
  readonly content: Buffer
  readonly secret: VaultSecret
}

interface Keys {
  readonly cipher: Buffer
  readonly mac: Buffer
  readonly counter: Buffer
}

/** Seals `content` as `ansible-vault encrypt` does (format 1.1; 1.2 with a label). */
export function sealVault(
  content: string | Uint8Array,
  secret: VaultSecret,
  salt = randomBytes(32),
): string {
  const keys = deriveKeys(secret.password, salt)
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, keys.counter)
  const sealed = Buffer.concat([cipher.update(pad(Buffer.from(content))), cipher.final()])
  const mac = createHmac('sha256', keys.mac).update(sealed).digest()
  return writeEnvelope({ label: secret.id, salt, mac, sealed })
}

/** Opens an envelope; secrets with its label are tried first. Undefined when none of them fits. */
export function openVault(envelope: Envelope, secrets: readonly VaultSecret[]): Opened | undefined {
  const isFirst = (secret: VaultSecret) => secret.id === envelope.label
  const ordered = [...secrets.filter(isFirst), ...secrets.filter((secret) => !isFirst(secret))]
  for (const secret of ordered) {
    const content = unseal(envelope, secret.password)
    if (content !== undefined) return { content, secret }
  }
  return undefined
}

function unseal(envelope: Envelope, password: string): Buffer | undefined {
  const keys = deriveKeys(password, envelope.salt)
  const mac = createHmac('sha256', keys.mac).update(envelope.sealed).digest()
  if (mac.length !== envelope.mac.length || !timingSafeEqual(mac, envelope.mac)) return undefined
  const decipher = createDecipheriv('aes-256-ctr', keys.cipher, keys.counter)
  const padded = Buffer.concat([decipher.update(envelope.sealed), decipher.final()])
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0))
}

/** The numbers are the format's: 10,000 rounds of PBKDF2 for two keys of 32 bytes and a counter of 16. */
function deriveKeys(password: string, salt: Buffer): Keys {
  const bytes = pbkdf2Sync(password, salt, 10_000, 80, 'sha256')
  return { cipher: bytes.subarray(0, 32), mac: bytes.subarray(32, 64), counter: bytes.subarray(64) }
}

function pad(bytes: Buffer): Buffer {
  const size = 16 - (bytes.length % 16)
  return Buffer.concat([bytes, Buffer.alloc(size, size)])
}
