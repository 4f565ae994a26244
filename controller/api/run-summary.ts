import type { RunSummary } from '../../proto/control.ts'
import type { RunQuery, RunRow, Store } from '../store/store.ts'

const defaultLimit = 100

/** Runs, newest first, with the number of jobs that they left and that go on; limit 0: the default of 100. */
export async function* listRuns(store: Store, query: RunQuery): AsyncGenerator<RunSummary, void> {
  const limit = query.limit > 0 ? query.limit : defaultLimit
  yield* summarizeRuns(store, await store.runs.list({ ...query, limit }))
}

/** Each run in a line. */
export async function* summarizeRuns(
  store: Store,
  runs: readonly RunRow[],
): AsyncGenerator<RunSummary, void> {
  const open = await store.jobs.openCounts()
  for (const run of runs) yield summarizeRun(run, open.get(run.runId) ?? 0)
}

/** One run in a line. */
export async function describeRun(store: Store, run: RunRow): Promise<RunSummary> {
  return summarizeRun(run, (await store.jobs.openCounts()).get(run.runId) ?? 0)
}

function summarizeRun(run: RunRow, jobsOut: number): RunSummary {
  return {
    runId: run.runId,
    title: run.request.title,
    state: run.state,
    startedAtMs: run.startedAtMs,
    ...(run.endedAtMs === undefined ? {} : { endedAtMs: run.endedAtMs }),
    ...(run.exitCode === undefined ? {} : { exitCode: run.exitCode }),
    jobsOut,
  }
}
