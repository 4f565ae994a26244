import { createHash } from 'node:crypto'
import { ErrandError } from '../../proto/errors.ts'
import { checkpointText } from './checkpoints.ts'
import type { RunContext } from './run-context.ts'

/** Raised whenever a position or what is kept at one comes to mean something else. */
const recordVersion = 2

/**
 * Remembers by which rules the run is recorded.
 *
 * @throws {ErrandError} `conflict` when another errand began the run, which recorded it by others.
 */
export function recordedAlike({ checkpoints, emitter }: RunContext): void {
  if (checkpoints.ahead > 0 && checkpoints.at('record') !== recordVersion) {
    throw new ErrandError(
      'conflict',
      'the run was begun by another version of errand, so it cannot go on after its controller died: start it again',
    )
  }
  emitter.keep('record', checkpointText(recordVersion)).catch(() => {})
}

/**
 * Remembers each file that a run has read. Who goes on with the run finds its places by what stands in the files: when one has changed,
 * a place may mean another task by now.
 *
 * @returns Throws an {@link ErrandError} `conflict` for a file that is not as it was.
 */
export function sameAsBefore(context: RunContext): (path: string, text: string) => void {
  const { checkpoints, emitter } = context
  return (path, text) => {
    const position = `file:${path}`
    const hash = createHash('sha256').update(text).digest('hex')
    const before = checkpoints.at(position)
    if (before !== undefined && before !== hash) {
      throw new ErrandError(
        'conflict',
        `${path} has changed since the run began, so it cannot go on after its controller died: start it again`,
      )
    }
    // Should it be lost, so is everything after it: the record is written in order.
    emitter.keep(position, checkpointText(hash)).catch(() => {})
  }
}
