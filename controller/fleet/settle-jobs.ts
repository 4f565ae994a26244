import { ErrandError } from '../../proto/errors.ts'
import type { JobId, JobReport } from '../../proto/job.ts'
import type { ClockPort } from '../run/ports.ts'
import type { JobRow } from '../store/store.ts'
import type { AgentLink } from './agent-link.ts'
import { Backoff } from './backoff.ts'
import type { AgentConnection } from './connection.ts'
import { unknownToAgent } from './lost-reports.ts'
import { undefinedWhenNotFound } from './not-found.ts'

export interface SettleOptions {
  readonly clock: ClockPort
  /** Whether nobody else is about to say something of this job. */
  readonly mayJudge: (jobId: JobId) => boolean
  readonly record: (report: JobReport) => Promise<unknown>
  readonly signal: AbortSignal
}

/**
 * Finds out about jobs that nobody is asking about, as long as the connection lasts: the next one asks again for those
 * that are left.
 */
export async function settleJobs(
  link: AgentLink,
  rows: readonly JobRow[],
  options: SettleOptions,
): Promise<void> {
  const { clock, signal } = options
  const { connection } = link
  if (!connection) return
  const isOver = () => signal.aborted || link.connection !== connection
  const backoff = new Backoff({ clock })
  for (let left = rows; ; await backoff.wait({ signal }).catch(() => undefined)) {
    left = await settleOnce(connection, left, options)
    if (left.length === 0 || isOver()) return
  }
}

/** @returns Those that the agent could not tell of just now. */
async function settleOnce(
  connection: AgentConnection,
  rows: readonly JobRow[],
  { clock, mayJudge, record }: SettleOptions,
): Promise<readonly JobRow[]> {
  const left: JobRow[] = []
  for (const row of rows.filter(({ jobId }) => mayJudge(jobId))) {
    try {
      await record(await lastWord(connection, row, clock))
    } catch (error) {
      if (!(error instanceof ErrandError)) throw error
      left.push(row)
    }
  }
  return left
}

/** What an agent says of a job; one that it does not know never starts there, so it is lost. */
export async function lastWord(
  connection: AgentConnection,
  row: JobRow,
  clock: ClockPort,
): Promise<JobReport> {
  const report = await connection.callOff(row.jobId).catch(undefinedWhenNotFound)
  return report ?? unknownToAgent(row, clock.nowMs())
}
