import { ErrandError } from '../../proto/errors.ts'
import { openStages } from '../../proto/job-life.ts'
import type { ClockPort } from '../run/ports.ts'
import type { HostRow, JobRow, Store } from '../store/store.ts'
import type { FleetJobs } from './jobs.ts'
import type { Links } from './links.ts'
import { agentRemoved } from './lost-reports.ts'

interface RetireOptions {
  readonly store: Store
  readonly links: Links
  readonly jobs: FleetJobs
  readonly clock: ClockPort
  /** End the jobs that run instead of refusing. */
  readonly force: boolean
  readonly signal: AbortSignal
}

const graceMs = 2000
const endMs = 10_000

/**
 * Sees to it that no job runs on a host whose agent is about to go.
 *
 * @throws {ErrandError} `conflict` when jobs run there and are not to be ended.
 */
export async function retire(host: HostRow, options: RetireOptions): Promise<void> {
  const { store, links, clock, force } = options
  const all = await store.jobs.list({
    hosts: [host.name],
    states: openStages,
    limit: 10_000,
  })
  const open = all.filter(({ agentId }) => agentId === host.agentId)
  if (open.length === 0) return
  if (!force) {
    const ids = open.slice(0, 5).map(({ jobId }) => jobId)
    const more = open.length > ids.length ? ' …' : ''
    throw new ErrandError(
      'conflict',
      `${host.name} still runs ${open.length} job${open.length === 1 ? '' : 's'} (${ids.join(', ')}${more}): ` +
        'wait for them, cancel them, or say --force to end them',
    )
  }
  await Promise.all(open.map((job) => end(job, options)))
  for (const job of open) {
    // A final report is never replaced: this is for those that could not be asked.
    await store.jobs.report(job.jobId, agentRemoved(job, clock.nowMs()), clock.nowMs())
    links.to(host.agentId).removeJob(job.jobId)
  }
}

async function end({ jobId }: JobRow, { jobs, signal }: RetireOptions): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(endMs)])
  try {
    await jobs.cancel(jobId, { graceMs, signal: limit })
  } catch {
    signal.throwIfAborted()
    // Unreachable, unknown there or too slow: recorded as lost by the caller.
  }
}
