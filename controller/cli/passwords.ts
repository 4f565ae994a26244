import { execFileSync } from 'node:child_process'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { VaultPassword } from '../../proto/run.ts'
import type { ClientSettings } from '../../proto/settings.ts'
import type { ConnectionFlagValues, VaultFlags } from './flags/run-flags.ts'

/** Asks for a word that is not shown. */
type Ask = (prompt: string) => Promise<string>

/** What passwords are asked for and read with. */
export interface PasswordSources {
  readonly ask: Ask
  readonly cwd: string
  /** Of ansible.cfg. */
  readonly settings: PasswordSettings
}

/** What ansible.cfg says of passwords. */
type PasswordSettings = Pick<
  ClientSettings,
  | 'askPass'
  | 'connectionPasswordFile'
  | 'becomeAskPass'
  | 'becomePasswordFile'
  | 'askVaultPass'
  | 'vaultPasswordFile'
  | 'vaultIdentities'
>

/** The passwords of -k and -K and their files. */
export async function connectionPasswords(
  flags: ConnectionFlagValues,
  { ask, cwd, settings }: PasswordSources,
): Promise<{ readonly sshPassword?: string; readonly becomePassword?: string }> {
  const sshFile = flags.connectionPasswordFile ?? settings.connectionPasswordFile
  const isSshAsked = flags.askPass ?? (settings.askPass && sshFile === undefined)
  const ssh = isSshAsked ? await ask('SSH password: ') : secretOf(sshFile, cwd)
  const hint = ssh === undefined ? '' : '[defaults to SSH password]'
  const becomeFile = flags.becomePasswordFile ?? settings.becomePasswordFile
  const isBecomeAsked = flags.askBecomePass ?? (settings.becomeAskPass && becomeFile === undefined)
  const typed = isBecomeAsked ? await ask(`BECOME password${hint}: `) : secretOf(becomeFile, cwd)
  const become = typed === '' && ssh !== undefined ? ssh : typed
  return {
    ...(ssh === undefined ? {} : { sshPassword: ssh }),
    ...(become === undefined ? {} : { becomePassword: become }),
  }
}

/** The vault passwords of ansible.cfg and all flags, in their order of use. */
export async function vaultPasswords(
  flags: VaultFlags,
  { ask, cwd, settings }: PasswordSources,
): Promise<readonly VaultPassword[]> {
  const files = [...flags.vaultPasswordFile, settings.vaultPasswordFile]
  const isAsked = flags.askVaultPass ?? settings.askVaultPass
  const sources = [
    ...[...settings.vaultIdentities, ...flags.vaultId].map(splitVaultId),
    ...files.filter((file) => file !== undefined).map((source) => ({ id: 'default', source })),
    ...(isAsked ? [{ id: 'default', source: 'prompt' }] : []),
  ]
  const passwords: VaultPassword[] = []
  for (const { id, source } of sources) {
    const password = isPrompt(source)
      ? await ask(id === 'default' ? 'Vault password: ' : `Vault password (${id}): `)
      : readSecret(resolve(cwd, source), ['--vault-id', id])
    passwords.push({ id, password })
  }
  return passwords
}

function secretOf(file: string | undefined, cwd: string): string | undefined {
  return file === undefined ? undefined : readSecret(resolve(cwd, file), [])
}

function splitVaultId(text: string): { readonly id: string; readonly source: string } {
  const at = text.indexOf('@')
  if (at < 0) return { id: 'default', source: text }
  return { id: text.slice(0, at) || 'default', source: text.slice(at + 1) }
}

function isPrompt(source: string): boolean {
  return source === 'prompt' || source === 'prompt_ask_vault_pass'
}

/** The first line of a file, or what the file says when it is a program. */
function readSecret(file: string, args: readonly string[]): string {
  try {
    const text = isProgram(file)
      ? execFileSync(file, file.endsWith('-client') ? args : [], { encoding: 'utf8' })
      : readFileSync(file, 'utf8')
    return text.trim()
  } catch (cause) {
    throw new ErrandError(
      'invalid',
      `cannot read the password file ${file}: ${sentenceOf(cause)}`,
      { cause },
    )
  }
}

function isProgram(file: string): boolean {
  if (!statSync(file).isFile()) return false
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false // Not executable: a plain file.
  }
}
