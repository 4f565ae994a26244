import { ErrandError } from '../../../proto/errors.ts'
import { defaultLabel, isVault, readEnvelope } from '../../vault/envelope.ts'
import { openVault, sealVault, type Opened, type VaultSecret } from '../../vault/seal.ts'

/** What was in a vault, and the label that its header has. */
export interface OpenedFile extends Opened {
  readonly label: string
}

/**
 * The secret to seal with: the one that `--encrypt-vault-id` names, else the only one.
 *
 * @throws {ErrandError} `usage` when there are several, `not_found` for a label that none has.
 */
export function secretToSealWith(
  secrets: readonly VaultSecret[],
  label: string | undefined,
): VaultSecret {
  const names = secrets.map(({ id }) => id)
  if (label === undefined || label === '') {
    const [first] = secrets
    if (!first)
      throw new ErrandError('usage', "A vault password is required to use Ansible's Vault")
    if (secrets.length === 1) return first
    throw new ErrandError(
      'usage',
      `The vault-ids ${names.join(',')} are available to encrypt. Specify the vault-id to encrypt with --encrypt-vault-id`,
    )
  }
  const found = secrets.find(({ id }) => id === label)
  if (found) return found
  const known = names.map((name) => `'${name}'`).join(', ')
  throw new ErrandError(
    'not_found',
    `Did not find a match for --encrypt-vault-id=${label} in the known vault-ids [${known}]`,
  )
}

/** @throws {ErrandError} `conflict` for what is a vault already. */
export function seal(content: Buffer, secret: VaultSecret): string {
  if (isVault(content.toString('latin1', 0, 64))) {
    throw new ErrandError('conflict', 'input is already encrypted')
  }
  return sealVault(content, secret)
}

/** @throws {ErrandError} when it is no vault, or no secret fits. */
export function openSealed(
  content: Buffer,
  { path, secrets }: { readonly path: string; readonly secrets: readonly VaultSecret[] },
): OpenedFile {
  const text = content.toString('utf8')
  if (!isVault(text)) {
    throw new ErrandError(
      'invalid',
      `input is not vault encrypted data. ${path} is not a vault encrypted file for ${path}`,
    )
  }
  const envelope = readEnvelope(text, path)
  const opened = openVault(envelope, secrets)
  if (opened) return { ...opened, label: envelope.label ?? defaultLabel }
  const why = 'Decryption failed (no vault secrets were found that could decrypt)'
  throw new ErrandError('denied', `${why} on ${path} for ${path}`)
}
