import type { RunSummary } from '../../proto/control.ts'
import { localTime, shortDuration } from './durations.ts'
import { table } from './table.ts'

/** Runs as a table for people. */
export function runTable(runs: readonly RunSummary[], nowMs: number): string {
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
