import { runFromWire } from '../../../proto/control-codec.ts'
import { ErrandError } from '../../../proto/errors.ts'
import type { CommandContext } from '../context.ts'
import type { OutputFormat } from '../flags/run-flags.ts'
import { followRun } from '../follow-run.ts'
import { readAll } from '../read-all.ts'
import { runTable } from '../run-table.ts'

/** Flags of `errand runs`. */
export interface RunsFlags {
  readonly state: readonly string[]
  /** Begun then or later: milliseconds since the epoch. */
  readonly since?: number
  /** Begun longer ago, in milliseconds. */
  readonly olderThan?: number
  readonly limit?: number
  readonly json?: true
}

/** `errand runs`: runs, newest first. */
export async function showRuns(flags: RunsFlags, context: CommandContext): Promise<number> {
  const { controllers, terminal, interrupt } = context
  const states = flags.state.flatMap((words) => words.split(','))
  const wrong = states.find((state) => !['running', 'ended', 'interrupted'].includes(state))
  if (wrong !== undefined) {
    throw new ErrandError('invalid', `a run is running, ended or interrupted, not "${wrong}"`)
  }
  const nowMs = Date.now()
  const wanted = {
    limit: flags.limit ?? 0,
    states,
    ...(flags.since === undefined ? {} : { fromMs: flags.since }),
    ...(flags.olderThan === undefined ? {} : { beforeMs: nowMs - flags.olderThan }),
  }
  const runs = await controllers.ask(({ calls }) =>
    readAll(calls.listRuns(wanted), { map: runFromWire, signal: interrupt.signal }),
  )
  if (flags.json) for (const run of runs) await terminal.json(run)
  else if (runs.length > 0) await terminal.out(runTable(runs, nowMs))
  else await terminal.err('no runs\n')
  return 0
}

/** Flags of `errand attach`. */
export interface AttachFlags {
  readonly follow?: true
  readonly onInterrupt: 'leave' | 'cancel'
  readonly output?: OutputFormat
  readonly json?: true
}

/** `errand attach`: prints a run from its start and follows it, as if it had been started here. */
export async function attachToRun(
  named: string,
  flags: AttachFlags,
  context: CommandContext,
): Promise<number> {
  const { controllers, interrupt } = context
  const { runId } = await controllers.ask((controller) =>
    controller.findRun(named, interrupt.signal),
  )
  return await followRun(runId, context, {
    isJson: flags.json ?? flags.output === 'json',
    isLive: flags.follow ?? false,
    cancelsJobs: flags.onInterrupt === 'cancel',
    ...(context.config.canAsk ? { input: process.stdin } : {}),
  })
}
