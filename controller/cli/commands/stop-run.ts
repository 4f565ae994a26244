import { eventFromWire } from '../../../proto/control-codec.ts'
import type { RunEvent } from '../../../proto/run.ts'
import { messages } from '../../../proto/stream.ts'
import type { CommandContext } from '../context.ts'
import { openController } from '../controller-client.ts'
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
  const { config, terminal, interrupt } = context
  const { signal } = interrupt
  using controller = await openController(config, signal)
  const { runId, state } = await controller.findRun(named, signal)
  if (state !== 'running') {
    await terminal.err(`errand: run ${runId} has ended already\n`)
    return 0
  }
  await controller.stopRun(runId, { cancelJobs: flags.cancelJobs ?? false, signal })
  const call = controller.calls.watchRun({ runId, afterSeq: 0, noFollow: true })
  let renderer: ReturnType<typeof rendererFor> | undefined
  for await (const wire of messages(call, signal)) {
    const event = eventFromWire(wire)
    renderer ??= rendererFor(event, { runId, context })
    if (isOfItsEnd(event)) await terminal.print(renderer.render(event))
  }
  return 0
}

function isOfItsEnd({ body }: RunEvent): boolean {
  return body.kind === 'jobs_cancelled' || body.kind === 'jobs_out' || body.kind === 'run_ended'
}
