import type { Logger } from 'pino'
import { ErrandError } from '../../proto/errors.ts'
import type { JobId } from '../../proto/job.ts'
import type { JobFolder } from './job-folder.ts'
import { unreadableSentence } from './job-reviews.ts'

export interface UnreadableJobsOptions {
  /** Reads a job's folder; throws when it cannot be read. */
  readonly recover: (folder: JobFolder) => Promise<void>
  readonly log: Logger
}

/** Jobs whose folders could not be read when the agent started: looked at again until they can. */
export class UnreadableJobs {
  readonly #options: UnreadableJobsOptions
  readonly #folders = new Map<JobId, { readonly folder: JobFolder; readonly why: string }>()
  readonly #beingRead = new Set<JobId>()

  constructor(options: UnreadableJobsOptions) {
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#folders.size === 0
  }

  add(folder: JobFolder, error: unknown): void {
    this.#folders.set(folder.jobId, { folder, why: unreadableSentence(folder.dir, error) })
  }

  /** @throws {ErrandError} `denied` when this is one of them: nobody may say anything of it. */
  check(jobId: JobId): void {
    const found = this.#folders.get(jobId)
    if (found) throw new ErrandError('denied', `job ${jobId}: ${found.why}`)
  }

  /** Looks at all of them again, in the background. */
  lookAgain(): void {
    for (const { folder } of this.#folders.values()) void this.#readAgain(folder)
  }

  async #readAgain(folder: JobFolder): Promise<void> {
    const { jobId } = folder
    if (this.#beingRead.has(jobId)) return
    this.#beingRead.add(jobId)
    try {
      await this.#options.recover(folder)
      this.#folders.delete(jobId)
      this.#options.log.info({ jobId }, 'job folder can be read again')
    } catch (error) {
      this.add(folder, error)
    } finally {
      this.#beingRead.delete(jobId)
    }
  }
}
