/** Jobs with a lock: on this host at most one with the same lock is on its way or running, the others wait in line. */
import type { JobSpec } from '../../proto/job.ts'
import type { JobEntry } from './job-entry.ts'
import type { QueuedJob } from './queued-job.ts'

export interface JobQueueOptions {
  /** It is this job's turn now. May be told more than once. */
  readonly onTurn: (entry: JobEntry) => void
  /** Whether every job of this host is known: one that cannot be read may have any lock. */
  readonly isCertain: () => boolean
}

/** One line a lock, first come, first served. Who stands in front has the lock, until the job's end, whatever end it is. */
export class JobQueue {
  readonly #options: JobQueueOptions
  readonly #lines = new Map<string, JobEntry[]>()
  #lastNumber = 0

  constructor(options: JobQueueOptions) {
    this.#options = options
  }

  /** Stands in line, when the job has a lock; whether it may start at once. */
  enter(entry: JobEntry): boolean {
    const { lock } = entry.spec
    if (lock === '') return true
    this.#stand(entry, this.#line(lock).length)
    return this.#isInFront(entry)
  }

  /** What is to be kept of a job that has to wait. */
  ticket(spec: JobSpec): QueuedJob {
    this.#lastNumber += 1
    return { number: this.#lastNumber, queuedAtMs: Date.now(), spec, isPasswordLost: false }
  }

  /** Puts a job that was found in the spool where it stood. */
  restore(entry: JobEntry): void {
    const { life, spec } = entry
    if (spec.lock === '' || entry.isOver) return
    const number = numberOf(entry)
    if (life.kind === 'queued') this.#lastNumber = Math.max(this.#lastNumber, number)
    const at = this.#line(spec.lock).findIndex((other) => numberOf(other) > number)
    this.#stand(entry, at < 0 ? this.#line(spec.lock).length : at)
  }

  /** Lets those start whose turn it is. */
  look(): void {
    for (const [first] of this.#lines.values())
      if (first?.life.kind === 'queued' && this.#isInFront(first)) this.#options.onTurn(first)
  }

  /** A job that does not want the lock any more. */
  leave(entry: JobEntry): void {
    const { lock } = entry.spec
    const left = this.#line(lock).filter((other) => other !== entry)
    if (left.length > 0) this.#lines.set(lock, left)
    else this.#lines.delete(lock)
    this.look()
  }

  #line(lock: string): JobEntry[] {
    return this.#lines.get(lock) ?? []
  }

  #stand(entry: JobEntry, at: number): void {
    const { lock } = entry.spec
    this.#lines.set(lock, this.#line(lock).toSpliced(at, 0, entry))
    void this.#leaveAfter(entry)
  }

  async #leaveAfter(entry: JobEntry): Promise<void> {
    await entry.ended
    this.leave(entry)
  }

  #isInFront(entry: JobEntry): boolean {
    return this.#line(entry.spec.lock)[0] === entry && this.#options.isCertain()
  }
}

/** Who was started stands before all who wait. */
function numberOf({ life }: JobEntry): number {
  return life.kind === 'queued' ? life.job.number : 0
}
