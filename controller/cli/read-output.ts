import { filterToWire, outputFromWire } from '../../proto/control-codec.ts'
import type { JobFilter, OutputPiece } from '../../proto/control.ts'
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

/**
 * The output of jobs, each byte once. When the controller goes, the next one is asked from where it stopped.
 *
 * @param offsets What was read before, and from now on what is read.
 */
export async function* readOutput(
  request: ReadOutputRequest,
  offsets: OutputOffsets,
  { controllers, signal }: ReadOutputOptions,
): AsyncGenerator<OutputPiece, void> {
  const wires = controllers.follow(({ calls }) => {
    const call = calls.watchOutput({
      ...request,
      filter: filterToWire(request.filter),
      streams: [...request.streams],
      offsets: offsets.all,
    })
    return messages(call, signal)
  })
  for await (const wire of wires) {
    const piece = outputFromWire(wire)
    if (offsets.count(piece)) yield piece
  }
}
