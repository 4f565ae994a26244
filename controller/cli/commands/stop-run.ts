import type { RunEvent } from '../../../proto/run.ts'
import type { CommandContext } from '../context.ts'
import { rendererFor } from '../follow-run.ts'
import type { Renderer } from '../render/renderer.ts'
import { runEvents } from '../run-events.ts'

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
  let renderer: Renderer | undefined
  for await (const event of runEvents(runId, context)) {
    renderer ??= rendererFor(event, { runId, context })
    if (isOfItsEnd(event)) await terminal.print(renderer.render(event))
  }
  return 0
}

function isOfItsEnd({ body }: RunEvent): boolean {
  return body.kind === 'jobs_cancelled' || body.kind === 'jobs_out' || body.kind === 'run_ended'
}
