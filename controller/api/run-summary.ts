import type { RunSummary } from '../../proto/control.ts'
import type { RunRow, Store } from '../store/store.ts'

const defaultLimit = 100

/** Runs, newest first, with the number of jobs that they left and that go on; limit 0: the default of 100. */
export async function* listRuns(store: Store, limit: number): AsyncGenerator<RunSummary, void> {
  const open = await store.jobs.openCounts()
  for (const run of await store.runs.list({ limit: limit > 0 ? limit : defaultLimit })) {
    yield summarizeRun(run, open.get(run.runId) ?? 0)
  }
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
