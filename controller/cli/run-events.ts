import { eventFromWire } from '../../proto/control-codec.ts'
import type { RunEvent, RunId } from '../../proto/run.ts'
import { messages } from '../../proto/stream.ts'
import type { CommandContext } from './context.ts'

export interface RunEventsOptions {
  /** To the run's end. Default: only what is in the record now. */
  readonly isFollowing?: boolean
  /** Hears that the controller has gone and the next one is about to be asked. */
  readonly onGone?: () => void
}

/** The events of a run from its first, each once, however often the controller goes meanwhile. */
export async function* runEvents(
  runId: RunId,
  { controllers, interrupt }: Pick<CommandContext, 'controllers' | 'interrupt'>,
  { isFollowing = false, onGone = () => {} }: RunEventsOptions = {},
): AsyncGenerator<RunEvent, void> {
  let afterSeq = 0
  const wires = controllers.follow(
    ({ calls }) =>
      messages(calls.watchRun({ runId, afterSeq, noFollow: !isFollowing }), interrupt.signal),
    { onGone },
  )
  for await (const wire of wires) {
    const event = eventFromWire(wire)
    afterSeq = event.seq
    yield event
  }
}
