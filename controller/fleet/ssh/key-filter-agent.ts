import { readFileSync } from 'node:fs'
import ssh2, { type IdentityCallback, type ParsedKey, type PublicKeyEntry } from 'ssh2'

/** The user's ssh-agent; with IdentitiesOnly, only the keys whose `.pub` file lies beside a named identity. */
export class KeyFilterAgent extends ssh2.OpenSSHAgent {
  readonly #only: readonly string[] | undefined

  constructor(socketPath: string, onlyFiles: readonly string[] | undefined) {
    super(socketPath)
    this.#only = onlyFiles?.flatMap(publicKeyOf)
  }

  override getIdentities(answer: IdentityCallback<ParsedKey>): void {
    super.getIdentities((error, keys) => {
      const only = this.#only
      answer(error, only ? keys?.filter((key) => only.includes(base64Of(key))) : keys)
    })
  }
}

function publicKeyOf(file: string): readonly string[] {
  try {
    return readFileSync(`${file}.pub`, 'utf8').split(/\s+/u).slice(1, 2)
  } catch {
    return [] // no public half: this identity cannot be picked out of the agent
  }
}

function base64Of(key: ParsedKey | PublicKeyEntry): string {
  const plain = 'pubKey' in key ? key.pubKey : key
  const inner: unknown = 'pubKey' in Object(plain) ? Object(plain).pubKey : plain
  const parsed =
    typeof inner === 'string' || Buffer.isBuffer(inner) ? ssh2.utils.parseKey(inner) : inner
  return isKey(parsed) ? parsed.getPublicSSH().toString('base64') : ''
}

function isKey(value: unknown): value is ParsedKey {
  return typeof value === 'object' && value !== null && 'getPublicSSH' in value
}
