/** The text form of what ansible-vault seals: a header, then hexadecimal digits in lines of 80. */
import { ErrandError } from '../../proto/errors.ts'

/** What an envelope holds. */
export interface Envelope {
  /** Of format 1.2: which password it was sealed with. */
  readonly label: string | undefined
  readonly salt: Buffer
  readonly mac: Buffer
  readonly sealed: Buffer
}

/** The label that is not written: a vault without one has it. */
export const defaultLabel = 'default'

/** Whether a file's text is a vault envelope. */
export function isVault(text: string): boolean {
  return text.startsWith('$ANSIBLE_VAULT;')
}

/**
 * Reads an envelope of format 1.1 or 1.2.
 *
 * @param what It is named so in errors.
 * @throws {ErrandError} `invalid` when it is none that we know.
 */
export function readEnvelope(text: string, what: string): Envelope {
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

/** The text of an envelope: format 1.1, or 1.2 where it has a label. */
export function writeEnvelope({ label = defaultLabel, salt, mac, sealed }: Envelope): string {
  const parts = [salt, mac, sealed].map((part) => part.toString('hex')).join('\n')
  const body = Buffer.from(parts)
    .toString('hex')
    .replace(/.{1,80}/gu, '$&\n')
  const isLabelled = label !== defaultLabel
  return `$ANSIBLE_VAULT;${isLabelled ? '1.2' : '1.1'};AES256${isLabelled ? `;${label}` : ''}\n${body}`
}
