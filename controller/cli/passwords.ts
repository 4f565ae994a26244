import { resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import type { ClientSettings } from '../../proto/settings.ts'
import type { ConnectionFlagValues } from './flags/run-flags.ts'
import { readSecret } from './read-secret.ts'

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
  const ssh = isSshAsked ? await typedIfAny('SSH password: ', ask) : secretOf(sshFile, cwd)
  const hint = ssh === undefined ? '' : '[defaults to SSH password]'
  const becomeFile = flags.becomePasswordFile ?? settings.becomePasswordFile
  const isBecomeAsked = flags.askBecomePass ?? (settings.becomeAskPass && becomeFile === undefined)
  const typed = isBecomeAsked
    ? await typedIfAny(`BECOME password${hint}: `, ask)
    : secretOf(becomeFile, cwd)
  const become = typed === '' && ssh !== undefined ? ssh : typed
  return {
    ...(ssh === undefined ? {} : { sshPassword: ssh }),
    ...(become === undefined ? {} : { becomePassword: become }),
  }
}

/** Where the input has ended there is no password, and the run goes on: so it is with Ansible. */
async function typedIfAny(prompt: string, ask: Ask): Promise<string | undefined> {
  try {
    return await ask(prompt)
  } catch (error) {
    if (error instanceof ErrandError && error.code === 'not_found') return undefined
    throw error
  }
}

function secretOf(file: string | undefined, cwd: string): string | undefined {
  return file === undefined
    ? undefined
    : readSecret(resolve(cwd, file), { what: 'password', args: [] })
}
