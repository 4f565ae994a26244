import { untilAborted } from '../../proto/call.ts'
import type { JobId, JobReport } from '../../proto/job.ts'

/** Those who wait for the ends of jobs. */
export class AwaitedEnds {
  readonly #waiting = new Map<JobId, Set<(report: JobReport) => void>>()

  /**
   * @param known Asked once an end can no longer be missed: the end, when there is one already.
   * @throws the reason when `signal` aborts.
   */
  async wait(
    jobId: JobId,
    known: () => Promise<JobReport | undefined>,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<JobReport> {
    const { promise, resolve } = Promise.withResolvers<JobReport>()
    const waiting = this.#waiting.get(jobId) ?? new Set()
    this.#waiting.set(jobId, waiting.add(resolve))
    try {
      return (await known()) ?? (await untilAborted(promise, signal))
    } finally {
      waiting.delete(resolve)
      if (waiting.size === 0 && this.#waiting.get(jobId) === waiting) this.#waiting.delete(jobId)
    }
  }

  tell(report: JobReport): void {
    for (const resolve of this.#waiting.get(report.jobId) ?? []) resolve(report)
    this.#waiting.delete(report.jobId)
  }
}
