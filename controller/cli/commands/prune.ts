import { runFromWire } from '../../../proto/control-codec.ts'
import type { CommandContext } from '../context.ts'
import { readAll } from '../read-all.ts'
import { runTable } from '../run-table.ts'

/** Flags of `errand prune`. */
export interface PruneFlags {
  /** Milliseconds. */
  readonly olderThan?: number
  readonly keep?: number
  readonly dryRun?: true
  readonly json?: true
}

/** `errand prune`: forgets runs that have ended, and names them. */
export async function pruneRuns(flags: PruneFlags, context: CommandContext): Promise<number> {
  const { controllers, terminal, interrupt } = context
  const wanted = {
    ...(flags.olderThan === undefined ? {} : { olderThanMs: flags.olderThan }),
    ...(flags.keep === undefined ? {} : { keep: flags.keep }),
    dryRun: flags.dryRun ?? false,
  }
  const runs = await controllers.ask(({ calls }) =>
    readAll(calls.pruneRuns(wanted), { map: runFromWire, signal: interrupt.signal }),
  )
  if (flags.json) for (const run of runs) await terminal.json(run)
  else if (runs.length > 0) await terminal.out(runTable(runs, Date.now()))
  const what = flags.dryRun ? 'would be forgotten' : 'forgotten'
  await terminal.err(`${runs.length} ${runs.length === 1 ? 'run' : 'runs'} ${what}\n`)
  return 0
}
