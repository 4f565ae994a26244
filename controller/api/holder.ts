import type { JobHolder } from '../../proto/control.ts'
import type { JobRow, Store } from '../store/store.ts'

/** The job that a queued one waits for, as the record knows it; undefined when it waits for none, or its end was just told. */
export async function holderOf(
  { agentId, report }: JobRow,
  { jobs }: Pick<Store, 'jobs'>,
): Promise<JobHolder | undefined> {
  if (report?.state.kind !== 'queued') return undefined
  const { lock } = report.state
  const [holder] = await jobs.list({ agentId, lock, states: ['running'], limit: 1 })
  return holder && { jobId: holder.jobId, runId: holder.runId, name: holder.name }
}
