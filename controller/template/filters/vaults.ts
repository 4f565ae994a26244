import { isVault } from '../../vault/envelope.ts'
import { sealVault } from '../../vault/seal.ts'
import { sealedFilter } from '../../yaml/as-data.ts'
import { Vault } from '../../yaml/vault.ts'
import { define } from '../define.ts'
import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import { filterError, typeError } from '../python/python-error.ts'
import { toText } from '../python/text.ts'
import { typeName } from '../python/types.ts'
import type { Table } from '../registry.ts'

const LABEL = 'filter_default'

/** Filters that seal text and open it again, as ansible-vault does. */
export const vaultFilters: Table<Datum> = {
  vault: define('secret salt vaultid wrap_object', (value, args) => {
    const [secret = null, salt = null, label = LABEL, isWrapped = false] = args
    const password = textOrThrow(secret, 'Secret passed is required to be a string')
    const text = textOrThrow(value, 'Can only vault strings')
    // What is wrapped would be opened again wherever it is read.
    if (isTrue(isWrapped)) return text
    if (salt === '')
      throw filterError('Unable to encrypt: Empty or invalid salt passed to encrypt()')
    const bytes = salt === null ? undefined : Buffer.from(toText(salt), 'utf8')
    return sealVault(text, { id: toText(label), password }, bytes)
  }),
  unvault: define('secret vaultid', (value, [secret = null, label = LABEL]) => {
    const password = textOrThrow(secret, 'Secret passed is required to be as string')
    const text = textOrThrow(value, 'Vault should be in the form of a string')
    return isVault(text) ? opened(text, { id: toText(label), password }) : text
  }),
  [sealedFilter]: define('', (value) => {
    throw filterError(toText(value))
  }),
}

function textOrThrow(value: Datum, expected: string): string {
  if (typeof value === 'string') return value
  throw typeError(`${expected}, instead we got: <class '${typeName(value)}'>`)
}

function opened(envelope: string, secret: { readonly id: string; readonly password: string }) {
  try {
    return new Vault([secret]).open(envelope, 'the text')
  } catch {
    // The one cause that there is: another password. The words are Ansible's.
    const why = 'Decryption failed (no vault secrets were found that could decrypt)'
    throw filterError(`Unable to decrypt: ${why}`)
  }
}
