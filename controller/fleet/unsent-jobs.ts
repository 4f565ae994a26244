import type { JobReport } from '../../proto/job.ts'
import type { ClockPort, HeldJob } from '../run/ports.ts'
import type { JobRow, Store } from '../store/store.ts'
import { neverSent, type UnsentEnd } from './lost-reports.ts'

export interface UnsentJobsOptions {
  readonly store: Store
  readonly clock: ClockPort
  /** Hears of an end once it is in the record. */
  readonly onEnd: (report: JobReport) => void
}

/** Jobs that wait for their host: no agent has heard of them, and all that is known of them is in the record. */
export class UnsentJobs {
  readonly #options: UnsentJobsOptions

  constructor(options: UnsentJobsOptions) {
    this.#options = options
  }

  async hold(job: HeldJob): Promise<void> {
    const { store, clock } = this.#options
    await store.jobs.create({
      ...job,
      agentId: '',
      isAsync: true,
      createdAtMs: clock.nowMs(),
      report: undefined,
      lastSeenMs: undefined,
      isForgotten: false,
    })
  }

  /** Ends a job that waits; nothing when it has been sent. */
  async giveUp(row: JobRow, kind: 'expired' | 'cancelled'): Promise<void> {
    await this.#end(row, { kind, endedAtMs: this.#options.clock.nowMs() })
  }

  /** The run that would have sent it is over. */
  async abandon(row: JobRow): Promise<void> {
    const evidence = 'it was never sent: the run that waited for its host is over'
    await this.#end(row, { kind: 'lost', evidence, endedAtMs: this.#options.clock.nowMs() })
  }

  async #end(row: JobRow, end: UnsentEnd): Promise<void> {
    if (!isUnsent(row)) return
    const { jobs } = this.#options.store
    await jobs.endWait(neverSent(row, end), end.endedAtMs)
    const report = (await jobs.find(row.jobId))?.report
    if (report) this.#options.onEnd(report)
  }
}

/** Whether a job of the record still waits for its host. */
export function isUnsent({ expiresAtMs }: JobRow): boolean {
  return expiresAtMs !== undefined
}
