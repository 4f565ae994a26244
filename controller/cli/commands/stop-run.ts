import { eventFromWire } from '../../../proto/control-codec.ts'
import type { RunEvent } from '../../../proto/run.ts'
import { messages } from '../../../proto/stream.ts'
import type { CommandContext } from '../context.ts'
import type { ControllerClient } from '../controller-client.ts'
import { rendererFor } from '../follow-run.ts'

/** Flags of `errand stop`. */
export interface StopFlags {
  readonly cancelJobs?: true
}

/** `errand stop`: asks a run to stop, waits until it has, and prints what it then said. 0 also when it had ended. */
export async function stopRun(
  named: string,
  flags: StopFlags,
  context: CommandContext,
): Promise<number> {
  const { controllers, terminal, interrupt } = context
  const { signal } = interrupt
  const { runId, state } = await controllers.ask((controller) => controller.findRun(named, signal))
  if (state !== 'running') {
    await terminal.err(`errand: run ${runId} has ended already\n`)
    return 0
  }
  await controllers.ask((controller) =>
    controller.stopRun(runId, { cancelJobs: flags.cancelJobs ?? false, signal }),
  )
  const { first, ofItsEnd } = await controllers.ask((controller) =>
    eventsOf(controller, runId, signal),
  )
  if (!first) return 0
  const renderer = rendererFor(first, { runId, context })
  for (const event of ofItsEnd) await terminal.print(renderer.render(event))
  return 0
}

async function eventsOf({ calls }: ControllerClient, runId: string, signal: AbortSignal) {
  let first: RunEvent | undefined
  const ofItsEnd: RunEvent[] = []
  for await (const wire of messages(
    calls.watchRun({ runId, afterSeq: 0, noFollow: true }),
    signal,
  )) {
    const event = eventFromWire(wire)
    first ??= event
    if (isOfItsEnd(event)) ofItsEnd.push(event)
  }
  return { first, ofItsEnd }
}

function isOfItsEnd({ body }: RunEvent): boolean {
  return body.kind === 'jobs_cancelled' || body.kind === 'jobs_out' || body.kind === 'run_ended'
}
