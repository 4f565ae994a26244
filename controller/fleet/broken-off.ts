import { ErrandError } from '../../proto/errors.ts'

class BrokenOff extends ErrandError {}

/** Marks an answer that did not come because the connection ended; rethrows any other error as it is. */
export function brokenOff(error: unknown): never {
  if (error instanceof ErrandError && error.code === 'unreachable') {
    throw new BrokenOff('unreachable', error.message, { cause: error })
  }
  throw error
}

/** Whether a question was sent and its answer did not come; false when it could not even be sent. */
export function isBrokenOff(error: unknown): boolean {
  return error instanceof BrokenOff
}
