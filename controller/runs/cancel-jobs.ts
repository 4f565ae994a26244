import { openStages } from '../../proto/job-life.ts'
import type { JobId } from '../../proto/job.ts'
import type { CancelledJob, RunId } from '../../proto/run.ts'
import { stageOf } from '../store/job-stage.ts'
import type { JobRow, Store } from '../store/store.ts'

/** Between the polite signal and KILL for jobs that end with their run. */
const graceMs = 10_000
/** How much longer than that a host may take to say that a job has ended. */
const answerMs = 20_000

/** Asks for a job's end and resolves with it (see Fleet.cancel). */
export type CancelJob = (
  jobId: JobId,
  options: { readonly graceMs: number; readonly signal: AbortSignal },
) => Promise<unknown>

/** Ends the jobs of a run, waits for their ends, and gives how each stands then: one on a silent host may go on. */
export async function cancelJobsOf(
  runId: RunId,
  { store, cancelJob }: { readonly store: Store; readonly cancelJob: CancelJob },
): Promise<readonly CancelledJob[]> {
  const open = await openJobsOf(runId, store)
  const signal = AbortSignal.timeout(graceMs + answerMs)
  await Promise.allSettled(open.map(({ jobId }) => cancelJob(jobId, { graceMs, signal })))
  return await Promise.all(
    open.map(async (job) => {
      const row = (await store.jobs.find(job.jobId)) ?? job
      const { jobId, host, name } = row
      return { jobId, host, task: name, state: stageOf(row) }
    }),
  )
}

/** The jobs of a run that have not ended, in the order that they were started. */
export async function openJobsOf(
  runId: RunId,
  { jobs }: Pick<Store, 'jobs'>,
): Promise<readonly JobRow[]> {
  const open = await jobs.list({ runId, states: openStages, limit: 1_000_000 })
  return open.toReversed()
}
