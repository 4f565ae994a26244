import type {
  ClientSettings,
  InventoryAnswer,
  InventoryRequest,
  SettingsRequest,
} from '../../proto/settings.ts'

/** What the control service asks of the user's files. */
export interface LanguagePort {
  /** @throws {ErrandError} what is wrong with ansible.cfg. */
  readonly settings: (request: SettingsRequest) => ClientSettings
  /** @throws {ErrandError} what is wrong with the inventory. */
  readonly inventory: (
    request: InventoryRequest,
    options: { readonly signal: AbortSignal },
  ) => Promise<InventoryAnswer>
}
