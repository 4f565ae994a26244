import { runFromWire } from '../../../proto/control-codec.ts'
import type { RunSummary } from '../../../proto/control.ts'
import type { CommandContext } from '../context.ts'
import { openController } from '../controller-client.ts'
import { localTime, shortDuration } from '../durations.ts'
import { followRun } from '../follow-run.ts'
import { readAll } from '../read-all.ts'
import { table } from '../table.ts'

/** Flags of `errand runs`. */
export interface RunsFlags {
  readonly limit?: number
  readonly json?: true
}

/** `errand runs`: runs, newest first. */
export async function showRuns(flags: RunsFlags, context: CommandContext): Promise<number> {
  const { config, terminal, interrupt } = context
  using controller = await openController(config, interrupt.signal)
  const call = controller.calls.listRuns({ limit: flags.limit ?? 0 })
  const runs = await readAll(call, { map: runFromWire, signal: interrupt.signal })
  if (flags.json) for (const run of runs) await terminal.json(run)
  else if (runs.length > 0) await terminal.out(runTable(runs, Date.now()))
  else await terminal.err('no runs\n')
  return 0
}

/** `errand attach`: prints a run from its start and follows it, as if it had been started here. */
export async function attachToRun(
  runId: string,
  flags: { readonly json?: true },
  context: CommandContext,
): Promise<number> {
  using controller = await openController(context.config, context.interrupt.signal)
  return await followRun(runId, context, { controller, isJson: flags.json ?? false })
}

function runTable(runs: readonly RunSummary[], nowMs: number): string {
  return table(
    ['RUN', 'STATE', 'EXIT', 'STARTED', 'TOOK', 'JOBS OUT', 'COMMAND'],
    runs.map((run) => [
      run.runId,
      run.state,
      run.exitCode === undefined ? '-' : String(run.exitCode),
      localTime(run.startedAtMs),
      shortDuration((run.endedAtMs ?? nowMs) - run.startedAtMs),
      String(run.jobsOut),
      run.title,
    ]),
  )
}
