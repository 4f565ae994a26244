import type { RunEvent } from '../../../proto/run.ts'
import type { CommandContext } from '../context.ts'
import { logLine, OutputOffsets } from '../output-offsets.ts'
import { readOutput } from '../read-output.ts'
import { coloured } from '../render/palette.ts'
import { LiveRun } from './live-run.ts'

interface EventSink {
  push(event: RunEvent): Promise<void>
}

/** Shows the output of jobs between the events that `printer` prints; disposed of, it has printed all of them. */
export function openLive(
  printer: EventSink,
  { context, isJson }: { readonly context: CommandContext; readonly isJson: boolean },
): EventSink & AsyncDisposable {
  const { config, controllers, terminal, interrupt } = context
  const left = new AbortController()
  const signal = AbortSignal.any([interrupt.signal, left.signal])
  const live = new LiveRun({
    read: (jobId) => readOutput(requestFor(jobId), new OutputOffsets(), { controllers, signal }),
    printEvent: (event) => printer.push(event),
    printLine: (line, stream) =>
      terminal.out(`${config.hasColour && stream === 'stderr' ? coloured(line, 'error') : line}\n`),
    ...(isJson ? { printPiece: (piece) => terminal.json({ output: logLine(piece) }) } : {}),
  })
  return {
    push: (event) => live.push(event),
    [Symbol.asyncDispose]: async () => {
      await live[Symbol.asyncDispose]()
      left.abort()
    },
  }
}

function requestFor(jobId: string) {
  return {
    filter: { jobIds: [jobId], hosts: [], states: [], limit: 0 },
    streams: [],
    follow: true,
    withNew: false,
    stdoutOffset: 0,
    stderrOffset: 0,
  }
}
