import { ErrandError } from '../../proto/errors.ts'

/** Whether the agent does not know what it was asked about. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ErrandError && error.code === 'not_found'
}

/** For a `catch`: an agent that does not know it is an answer too. */
export function undefinedWhenNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error
}
