import { eventFromWire } from '../../proto/control-codec.ts'
import { ErrandError } from '../../proto/errors.ts'
import type { RunEvent, RunHeading, RunId } from '../../proto/run.ts'
import { messages } from '../../proto/stream.ts'
import { stringifyJson, type Value } from '../../proto/value.ts'
import type { CommandContext } from './context.ts'
import type { ControllerClient } from './controller-client.ts'
import { DefaultRenderer } from './render/default.ts'
import { MinimalRenderer } from './render/minimal.ts'
import { defaultDisplay, type Renderer } from './render/renderer.ts'
import { WaitingLine } from './waiting-line.ts'

export interface FollowOptions {
  readonly controller: ControllerClient
  /** Print the events themselves. */
  readonly isJson: boolean
}

/**
 * Prints a run from its first event to its last and gives its exit code. The first Ctrl-C asks the run to stop; what
 * it then says is printed.
 */
export async function followRun(
  runId: RunId,
  context: CommandContext,
  { controller, isJson }: FollowOptions,
): Promise<number> {
  const { terminal, interrupt } = context
  interrupt.handle(() => {
    terminal.progress('asking the run to stop; once more leaves at once')
    // What becomes of it, the stream of events tells.
    controller.stopRun(runId, interrupt.signal).catch(() => {})
  })
  using waiting = new WaitingLine(terminal)
  let exitCode: number | undefined
  let renderer: Renderer | undefined
  const call = controller.calls.watchRun({ runId, afterSeq: 0 })
  for await (const wire of messages(call, interrupt.signal)) {
    const event = eventFromWire(wire)
    renderer ??= rendererFor(event, { runId, context })
    if (isJson) await terminal.out(`${stringifyJson(event as unknown as Value)}\n`)
    else await terminal.print(renderer.render(event))
    waiting.note(event)
    if (event.body.kind === 'run_ended') exitCode = event.body.exitCode
  }
  if (exitCode !== undefined) return exitCode
  throw new ErrandError(
    'internal',
    `the record of run ${runId} breaks off; the controller's log says why`,
  )
}

function rendererFor(
  { body }: RunEvent,
  { runId, context }: { readonly runId: RunId; readonly context: CommandContext },
): Renderer {
  const heading: Partial<RunHeading> = body.kind === 'run_started' ? body.request : {}
  const { columns, hasColour } = context.config
  const display = heading.display ?? defaultDisplay
  const options = {
    runId,
    columns,
    hasColour,
    verbosity: heading.verbosity ?? 0,
    isCheck: heading.check ?? false,
    display,
  }
  if (heading.kind === 'adhoc') return new MinimalRenderer(options, heading.oneLine ?? false)
  return display.callback === 'default'
    ? new DefaultRenderer(options)
    : new MinimalRenderer(options, display.callback === 'oneline')
}
