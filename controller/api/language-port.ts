import type { RunRequest } from '../../proto/run.ts'
import type {
  ClientSettings,
  InventoryAnswer,
  InventoryRequest,
  Prompt,
  SettingsRequest,
} from '../../proto/settings.ts'

/** What the control service asks of the user's files. */
export interface LanguagePort {
  /** @throws {ErrandError} what is wrong with ansible.cfg. */
  readonly settings: (request: SettingsRequest) => ClientSettings
  /** @throws {ErrandError} what is wrong with the files of the request. */
  readonly prompts: (
    request: RunRequest,
    options: { readonly signal: AbortSignal },
  ) => Promise<readonly Prompt[]>
  /** @throws {ErrandError} what is wrong with the inventory. */
  readonly inventory: (
    request: InventoryRequest,
    options: { readonly signal: AbortSignal },
  ) => Promise<InventoryAnswer>
}
