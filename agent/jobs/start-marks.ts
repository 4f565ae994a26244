/** Waiting for shims to say that they have started the program. */
import { join } from 'node:path'
import type { JobId, ProcessIdentity } from '../../proto/job.ts'
import { unlinkIfThere } from './claim.ts'
import type { JobFolder } from './job-folder.ts'
import { parseIdentity } from './process-identity.ts'
import { readText } from './read-text.ts'

/** What a shim's mark is named after its job. */
const suffix = '.started'

/** Wakes those who wait for a shim when its mark appears in the folder that the agent watches; once closed, nobody. */
export class StartMarks implements Disposable {
  readonly #dir: string
  readonly #waiting = new Map<JobId, () => void>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #isClosed = false

  constructor(dir: string) {
    this.#dir = dir
  }

  /** A file of this name has appeared. */
  seen(name: string): void {
    if (name.endsWith(suffix)) this.#waiting.get(name.slice(0, -suffix.length))?.()
  }

  /**
   * Waits for the identity of the program.
   *
   * @returns undefined when the shim did not say it in time, or `isGone` says that it cannot any more.
   */
  async wait(
    folder: JobFolder,
    { timeoutMs, isGone }: { readonly timeoutMs: number; readonly isGone: () => boolean },
  ): Promise<ProcessIdentity | undefined> {
    const deadline = performance.now() + timeoutMs
    try {
      for (;;) {
        const marked = this.#next(folder.jobId)
        const wasGone = isGone()
        const identity = parseIdentity(readText(folder.process) ?? '')
        if (identity) return identity
        if (wasGone || performance.now() > deadline) return undefined
        await marked
      }
    } finally {
      this.#waiting.delete(folder.jobId)
      unlinkIfThere(join(this.#dir, `${folder.jobId}${suffix}`))
    }
  }

  /** The agent stops: what its jobs come to is found by the next one, in their folders. */
  [Symbol.dispose](): void {
    this.#isClosed = true
    for (const timer of this.#timers) clearTimeout(timer)
  }

  /** Resolves at the mark, or after a moment: a full disk keeps marks from appearing. */
  #next(jobId: JobId): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isClosed) return
      const wake = () => {
        clearTimeout(timer)
        this.#timers.delete(timer)
        if (!this.#isClosed) resolve()
      }
      const timer = setTimeout(wake, 50)
      this.#timers.add(timer)
      this.#waiting.set(jobId, wake)
    })
  }
}
