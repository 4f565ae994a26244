/** What the control service takes and gives as JSON inside its messages. What comes in is checked here. */
import { ErrandError } from './errors.ts'
import { eventBodyFrom } from './event-body.ts'
import type { InstallRequest, RunEventBody, RunRequest } from './run.ts'
import type {
  ClientSettings,
  InventoryAnswer,
  InventoryRequest,
  Prompt,
  SettingsRequest,
} from './settings.ts'

/**
 * What to run, out of a message's JSON.
 *
 * @throws {ErrandError} `invalid` when it is no request.
 */
export function runRequestFromJson(text: string): RunRequest {
  const request = plainObject(text, 'run request') as unknown as RunRequest
  if (request.kind !== 'playbook' && request.kind !== 'adhoc') {
    throw new ErrandError('invalid', 'a run request is of kind playbook or adhoc')
  }
  return request
}

/**
 * Where to install, out of a message's JSON.
 *
 * @throws {ErrandError} `invalid` when it is no request.
 */
export function installRequestFromJson(text: string): InstallRequest {
  const request = plainObject(text, 'install request') as unknown as InstallRequest
  if (typeof request.pattern !== 'string') {
    throw new ErrandError('invalid', 'an install request names a host pattern')
  }
  return request
}

/**
 * Whose settings, out of a message's JSON.
 *
 * @throws {ErrandError} `invalid` when it is no request.
 */
export function settingsRequestFromJson(text: string): SettingsRequest {
  const request = plainObject(text, 'settings request') as unknown as SettingsRequest
  if (typeof request.cwd === 'string') return request
  throw new ErrandError('invalid', 'a settings request names a working folder')
}

/**
 * Which inventory, out of a message's JSON.
 *
 * @throws {ErrandError} `invalid` when it is no request.
 */
export function inventoryRequestFromJson(text: string): InventoryRequest {
  const request = plainObject(text, 'inventory request') as unknown as InventoryRequest
  if (['list', 'host', 'graph'].includes(request.show.kind)) return request
  throw new ErrandError('invalid', 'an inventory request asks for a list, a host or a graph')
}

/** The controller's answer, out of its JSON. */
export function settingsFromJson(text: string): ClientSettings {
  return plainObject(text, 'settings') as unknown as ClientSettings
}

/** The controller's answer, out of its JSON. */
export function promptsFromJson(text: string): readonly Prompt[] {
  return plainObject(text, 'list of prompts') as readonly Prompt[]
}

/** The controller's answer, out of its JSON. */
export function inventoryAnswerFromJson(text: string): InventoryAnswer {
  return plainObject(text, 'inventory') as unknown as InventoryAnswer
}

/**
 * What an event says, out of a message's JSON.
 *
 * @throws {ErrandError} `invalid`.
 */
export function eventBodyFromJson(text: string): RunEventBody {
  return attempt(() => eventBodyFrom(text), 'event')
}

/**
 * One of our own objects, out of JSON.
 *
 * @throws {ErrandError} `invalid`.
 */
export function plainObject(text: string, what: string): object {
  const value: unknown = attempt(() => JSON.parse(text) as unknown, what)
  if (typeof value !== 'object' || value === null) {
    throw new ErrandError('invalid', `not the JSON of a ${what}`)
  }
  return value
}

function attempt<Result>(read: () => Result, what: string): Result {
  try {
    return read()
  } catch (cause) {
    throw new ErrandError('invalid', `not the JSON of a ${what}`, { cause })
  }
}
