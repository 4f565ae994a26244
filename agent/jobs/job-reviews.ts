/** Looking at jobs that run: what their folders and processes say, and what follows from it. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { sentenceOf } from '../../proto/errors.ts'
import type { ProcessIdentity } from '../../proto/job.ts'
import { isShimAbout } from './find-shim.ts'
import type { JobEnder } from './job-ender.ts'
import type { JobEnds } from './job-ends.ts'
import type { JobEntry } from './job-entry.ts'
import { isAlive, type KernelFiles } from './process-identity.ts'
import { callOff, readFolder, type FolderState } from './read-folder.ts'
import { isOverdue } from './time-limit.ts'

export interface JobReviewsOptions {
  readonly kernel: KernelFiles
  readonly ends: JobEnds
  readonly ender: JobEnder
  /** It was seen alive. */
  readonly isRunning: (entry: JobEntry, main: ProcessIdentity) => void
  readonly log: Logger
}

/** Finds out what nobody told. */
export class JobReviews {
  readonly #options: JobReviewsOptions

  constructor(options: JobReviewsOptions) {
    this.#options = options
  }

  /** Looks at one job. What goes wrong with it concerns no other: it is `unreadable` until it goes right. */
  review(entry: JobEntry): void {
    const { kernel, ends, ender, log } = this.#options
    const { folder } = entry
    if (entry.isOver) return
    try {
      if (entry.spec.kind !== 'inline') this.#conclude(entry)
      if (isOverdue(kernel, entry)) ender.timeOut(entry)
      ends.cutOutput(entry)
      entry.unreadable = undefined
    } catch (err) {
      if (entry.unreadable === undefined) log.warn({ err, jobId: folder.jobId }, 'job not reviewed')
      entry.unreadable = unreadableSentence(folder.dir, err)
    }
  }

  /** `running` is only said of what was seen alive just now. */
  testLiveness(entry: JobEntry): void {
    const { life, spec } = entry
    if (life.kind !== 'running' || spec.kind === 'inline') return
    if (!isAlive(this.#options.kernel, life.main)) this.review(entry)
  }

  /** A start that nobody answered for is found out about, for a moment, before anything is said of it. */
  async settle(entry: JobEntry): Promise<void> {
    for (let looks = 0; looks < 20; looks += 1) {
      if (!entry.isDoubtful || entry.life.kind !== 'starting') return
      await wait(50, undefined, { ref: false })
      this.review(entry)
    }
  }

  #conclude(entry: JobEntry): void {
    const { kernel, ends, ender, isRunning } = this.#options
    const { life } = entry
    const state = readFolder(entry.folder, kernel)
    if (state.kind === 'ended') {
      ends.record(entry, state.end, { isRecorded: state.isRecorded })
    } else if (state.kind === 'running') {
      isRunning(entry, state.main)
      if (state.isOrphan && life.kind === 'running' && !life.isOrphan) {
        entry.life = { ...life, isOrphan: true }
        void ender.adopt(entry)
      }
    } else if (life.kind === 'running') this.#concludeWithoutFolder(entry, life.main)
    else if (entry.isDoubtful) this.#concludeDoubtful(entry, state)
  }

  /** Somebody took the files away, which the program need not notice. */
  #concludeWithoutFolder(entry: JobEntry, main: ProcessIdentity): void {
    const { kernel, ends } = this.#options
    if (isAlive(kernel, main)) return
    const evidence = `${entry.folder.dir} was taken away while it ran, no end recorded`
    ends.record(entry, { kind: 'lost', evidence })
  }

  /** Nothing is concluded while a shim may be on its way. */
  #concludeDoubtful(entry: JobEntry, state: FolderState): void {
    const { kernel, ends } = this.#options
    const { folder } = entry
    if (isShimAbout(kernel, folder)) return
    if (state.kind === 'starting') {
      ends.record(entry, { kind: 'lost', evidence: 'shim gone before it said who it was' })
    } else if (callOff(folder)) {
      const message = 'its shim did not come up, nothing was started'
      ends.record(entry, { kind: 'not_started', errno: 'EAGAIN', message })
    }
  }
}

/** What is said of a job whose folder cannot be read. */
export function unreadableSentence(dir: string, error: unknown): string {
  return `nobody can say how it is, since ${dir} cannot be read: ${sentenceOf(error)}`
}
