import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { ErrandError } from '../../proto/errors.ts'

/** A password to open vaults with. */
export interface VaultSecret {
  /** The label of `--vault-id label@source`; `default` where none was given. */
  readonly id: string
  readonly password: string
}

interface Envelope {
  readonly label: string | undefined
  readonly salt: Buffer
  readonly mac: Buffer
  readonly sealed: Buffer
}

interface Keys {
  readonly cipher: Buffer
  readonly mac: Buffer
  readonly counter: Buffer
}

/** Opens what ansible-vault has sealed: AES-256 in counter mode, format versions 1.1 and 1.2. */
export class Vault {
  readonly #secrets: readonly VaultSecret[]
  readonly #opened = new Map<string, string>()

  constructor(secrets: readonly VaultSecret[]) {
    this.#secrets = secrets
  }

  /**
   * The plain text of a vault envelope. Secrets with the envelope's label are tried first.
   *
   * @throws {ErrandError} `denied` when no secret opens it, `invalid` when it is no envelope that we know.
   */
  open(envelope: string, what: string): string {
    const known = this.#opened.get(envelope)
    if (known !== undefined) return known
    if (this.#secrets.length === 0) {
      throw new ErrandError(
        'denied',
        `${what} is encrypted and no vault password was given: use --vault-password-file, --vault-id or --ask-vault-pass`,
      )
    }
    const text = this.#tryAll(readEnvelope(envelope, what))
    if (text === undefined) {
      throw new ErrandError('denied', `none of the vault passwords given opens ${what}`)
    }
    this.#opened.set(envelope, text)
    return text
  }

  #tryAll(envelope: Envelope): string | undefined {
    const isFirst = (secret: VaultSecret) => secret.id === envelope.label
    const ordered = [
      ...this.#secrets.filter(isFirst),
      ...this.#secrets.filter((secret) => !isFirst(secret)),
    ]
    for (const secret of ordered) {
      const text = unseal(envelope, secret.password)
      if (text !== undefined) return text
    }
    return undefined
  }
}

/** Whether a file's text is a vault envelope. */
export function isVault(text: string): boolean {
  return text.startsWith('$ANSIBLE_VAULT;')
}

/** Seals `text` as `ansible-vault encrypt` does (format 1.1; 1.2 with a label). */
export function sealVault(text: string, secret: VaultSecret, salt = randomBytes(32)): string {
  const keys = deriveKeys(secret.password, salt)
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, keys.counter)
  const sealed = Buffer.concat([cipher.update(pad(Buffer.from(text))), cipher.final()])
  const mac = createHmac('sha256', keys.mac).update(sealed).digest()
  const parts = [salt, mac, sealed].map((part) => part.toString('hex')).join('\n')
  const body = Buffer.from(parts)
    .toString('hex')
    .replace(/.{1,80}/gu, '$&\n')
  const isLabelled = secret.id !== 'default'
  return `$ANSIBLE_VAULT;${isLabelled ? '1.2' : '1.1'};AES256${isLabelled ? `;${secret.id}` : ''}\n${body}`
}

function readEnvelope(text: string, what: string): Envelope {
  const [head = '', ...lines] = text.trim().split(/\s*\n\s*/u)
  const [, version, cipher, label] = head.split(';').map((part) => part.trim())
  if (cipher !== 'AES256' || (version !== '1.1' && version !== '1.2')) {
    throw new ErrandError('invalid', `${what} has a vault header that is not known: ${head}`)
  }
  const parts = Buffer.from(lines.join(''), 'hex').toString('latin1').split('\n')
  const [salt, mac, sealed] = parts.map((part) => Buffer.from(part, 'hex'))
  if (!salt || !mac || !sealed) {
    throw new ErrandError('invalid', `${what} is a vault whose text is damaged`)
  }
  return { label, salt, mac, sealed }
}

function unseal(envelope: Envelope, password: string): string | undefined {
  const keys = deriveKeys(password, envelope.salt)
  const mac = createHmac('sha256', keys.mac).update(envelope.sealed).digest()
  if (mac.length !== envelope.mac.length || !timingSafeEqual(mac, envelope.mac)) return undefined
  const decipher = createDecipheriv('aes-256-ctr', keys.cipher, keys.counter)
  const padded = Buffer.concat([decipher.update(envelope.sealed), decipher.final()])
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0)).toString('utf8')
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
