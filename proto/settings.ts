import type { DisplaySettings, VaultPassword } from './run.ts'

/** Whose ansible.cfg and `ANSIBLE_*` variables are to be read. */
export interface SettingsRequest {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
}

/** Of the settings of Ansible those that the command line itself acts on; its flags win. */
export interface ClientSettings {
  readonly forks: number
  /** Added to the number of -v. */
  readonly verbosity: number
  readonly runTags: readonly string[]
  readonly skipTags: readonly string[]
  readonly forceHandlers: boolean
  readonly diff: boolean
  readonly askPass: boolean
  readonly connectionPasswordFile?: string
  readonly becomeAskPass: boolean
  readonly becomePasswordFile?: string
  readonly askVaultPass: boolean
  readonly vaultPasswordFile?: string
  /** `label@source`. */
  readonly vaultIdentities: readonly string[]
  /** The label of the password that `errand vault` encrypts with. */
  readonly vaultEncryptIdentity?: string
  /** Undefined: as the terminal is. */
  readonly hasColour?: boolean
  readonly hostKeyChecking: boolean
  readonly display: DisplaySettings
  readonly adhocModule: string
  readonly pollSeconds: number
}

/** What `errand inventory` asks for. */
export interface InventoryRequest {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  readonly inventories: readonly string[]
  readonly limit?: string
  readonly extraVars: readonly string[]
  readonly vaultPasswords: readonly VaultPassword[]
  /** Where group_vars and host_vars of a playbook lie. */
  readonly playbookDir?: string
  readonly show: InventoryShow
  /** Variables stand where they were defined. */
  readonly isExport: boolean
}

export type InventoryShow =
  | { readonly kind: 'list'; readonly format: 'json' | 'yaml' }
  | { readonly kind: 'host'; readonly host: string; readonly format: 'json' | 'yaml' }
  | { readonly kind: 'graph'; readonly group: string; readonly hasVars: boolean }

/** What is printed of an inventory. */
export interface InventoryAnswer {
  readonly text: string
  /** Where settings come from: shown at -v. */
  readonly sourceLine: string
  readonly warnings: readonly string[]
  /** Shown at -v. */
  readonly notes: readonly string[]
}

/** A question of vars_prompt. */
export interface Prompt {
  /** What the answer is kept under in a RunRequest's `promptAnswers`. */
  readonly key: string
  readonly text: string
  readonly isPrivate: boolean
  /** Asked twice. */
  readonly isConfirmed: boolean
}
