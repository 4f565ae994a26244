import { setTimeout as delay } from 'node:timers/promises'
import { filterToWire, outputFromWire } from '../../proto/control-codec.ts'
import type { JobFilter, OutputPiece } from '../../proto/control.ts'
import { ErrandError } from '../../proto/errors.ts'
import type { OutputStream } from '../../proto/job.ts'
import { messages } from '../../proto/stream.ts'
import type { Controllers } from './controllers.ts'
import type { OutputOffsets } from './output-offsets.ts'

interface ReadOutputRequest {
  readonly filter: JobFilter
  readonly streams: readonly OutputStream[]
  readonly follow: boolean
  readonly withNew: boolean
  readonly tailLines?: number
  /** Where to begin in jobs of which nothing was read. */
  readonly stdoutOffset: number
  readonly stderrOffset: number
}

interface ReadOutputOptions {
  readonly controllers: Controllers
  readonly signal: AbortSignal
}

/** So often a controller that goes at once is asked again before that is told as an error. */
const mostTries = 10
const retryMs = 200

/**
 * The output of jobs, each byte once. When the controller dies it is started again, and asked from where it stopped.
 *
 * @param offsets What was read before, and from now on what is read.
 */
export async function* readOutput(
  request: ReadOutputRequest,
  offsets: OutputOffsets,
  { controllers, signal }: ReadOutputOptions,
): AsyncGenerator<OutputPiece, void> {
  for (let tries = 1; ; tries += 1) {
    const controller = await controllers.open()
    try {
      const call = controller.calls.watchOutput({
        ...request,
        filter: filterToWire(request.filter),
        streams: [...request.streams],
        offsets: offsets.all,
      })
      for await (const wire of messages(call, signal)) {
        const piece = outputFromWire(wire)
        if (offsets.count(piece)) yield piece
        tries = 0
      }
      return
    } catch (error) {
      if (signal.aborted || !isGone(error) || tries >= mostTries) throw error
      controllers.lost(controller)
    }
    await delay(retryMs, undefined, { signal })
  }
}

/** Of a controller that was killed, and of one that was asked to leave: it cancels the calls that go on. */
function isGone(error: unknown): boolean {
  return error instanceof ErrandError && ['unreachable', 'cancelled'].includes(error.code)
}
