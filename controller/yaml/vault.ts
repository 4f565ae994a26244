import { ErrandError } from '../../proto/errors.ts'
import { readEnvelope } from '../vault/envelope.ts'
import { openVault, type VaultSecret } from '../vault/seal.ts'

/** Opens the vaults of one run's files, each once. */
export class Vault {
  readonly #secrets: readonly VaultSecret[]
  readonly #opened = new Map<string, string>()

  constructor(secrets: readonly VaultSecret[]) {
    this.#secrets = secrets
  }

  /** Whether there is anything to open a vault with. */
  get hasSecrets(): boolean {
    return this.#secrets.length > 0
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
    const opened = openVault(readEnvelope(envelope, what), this.#secrets)
    if (!opened) throw new ErrandError('denied', `none of the vault passwords given opens ${what}`)
    const text = opened.content.toString('utf8')
    this.#opened.set(envelope, text)
    return text
  }
}
