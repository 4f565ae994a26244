import { resolve } from 'node:path'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { VaultPassword } from '../../proto/run.ts'
import type { VaultFlags } from './flags/run-flags.ts'
import type { PasswordSources } from './passwords.ts'
import { readSecret } from './read-secret.ts'

/** What vault passwords are read with, and what for. */
export interface VaultPasswordSources extends PasswordSources {
  /** Says that one of several passwords cannot be had. */
  readonly warn: (text: string) => Promise<void>
  /** To seal with: what is typed is typed twice. */
  readonly isNew?: boolean
  /** Asks where nothing says what the password is. */
  readonly isNeeded?: boolean
}

interface Source {
  readonly id: string | undefined
  readonly source: string
}

const defaultId = 'default'

/**
 * The vault passwords of ansible.cfg and all flags, in their order of use. What cannot be read is warned of while another can.
 *
 * @throws {ErrandError} when none of those that are named can be read, or one that is asked for is not typed.
 */
export async function vaultPasswords(
  flags: VaultFlags,
  options: VaultPasswordSources,
): Promise<readonly VaultPassword[]> {
  const passwords: VaultPassword[] = []
  let failure: unknown
  for (const { id, source } of sourcesOf(flags, options)) {
    if (isPrompt(source)) {
      passwords.push(await typed({ id, source }, options))
      continue
    }
    try {
      const args = id === undefined ? [] : ['--vault-id', id]
      const file = resolve(options.cwd, source)
      const password = readSecret(file, { what: 'vault password', args })
      passwords.push({ id: id ?? defaultId, password })
    } catch (error) {
      failure = error
      await options.warn(
        `Error getting vault password file (${id ?? 'None'}): ${sentenceOf(error)}`,
      )
    }
  }
  if (failure !== undefined && passwords.length === 0) throw failure
  return passwords
}

function sourcesOf(
  flags: VaultFlags,
  { settings, isNeeded }: VaultPasswordSources,
): readonly Source[] {
  const files = [...flags.vaultPasswordFile, settings.vaultPasswordFile]
  const named = [
    ...[...settings.vaultIdentities, ...flags.vaultId].map(splitVaultId),
    ...files.filter((file) => file !== undefined).map((source) => ({ id: defaultId, source })),
  ]
  const isAsked = flags.askVaultPass ?? (settings.askVaultPass || (isNeeded && named.length === 0))
  return isAsked ? [...named, { id: defaultId, source: unlabelledPrompt }] : named
}

function splitVaultId(text: string): Source {
  const at = text.indexOf('@')
  if (at < 0) return { id: undefined, source: text }
  return { id: text.slice(0, at), source: text.slice(at + 1) }
}

const unlabelledPrompt = 'prompt_ask_vault_pass'

function isPrompt(source: string): boolean {
  return source === 'prompt' || source === unlabelledPrompt
}

async function typed(
  { id, source }: Source,
  { ask, isNew }: VaultPasswordSources,
): Promise<VaultPassword> {
  const label = id === undefined || id === '' ? defaultId : id
  const isLabelled = source === 'prompt'
  const what = isLabelled ? `password (${label})` : 'password'
  const vault = isLabelled ? 'vault' : 'Vault'
  const password = await ask(isNew ? `New ${vault} ${what}: ` : `Vault ${what}: `)
  if (password === '') throw new ErrandError('denied', 'Invalid vault password was provided')
  if (isNew && (await ask(`Confirm ${isLabelled ? 'n' : 'N'}ew ${vault} ${what}: `)) !== password) {
    throw new ErrandError('denied', 'Passwords do not match')
  }
  return { id: label, password }
}
