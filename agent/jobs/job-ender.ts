/** Ending jobs before their time, and standing in for shims that have gone. */
import type { Logger } from 'pino'
import { ErrandError } from '../../proto/errors.ts'
import { endTree } from './end-tree.ts'
import type { JobEntry } from './job-entry.ts'
import type { JobKeeper } from './job-starter.ts'
import type { KernelFiles } from './process-identity.ts'
import { allowsSudo } from './sudo-signal.ts'
import { exists } from './read-text.ts'
import { markTimedOut } from './time-limit.ts'
import { superviseOrphan } from './supervise-orphan.ts'
import { writeWhole } from './write-file.ts'

export interface EnderOptions {
  readonly kernel: KernelFiles
  readonly keeper: JobKeeper
  readonly log: Logger
  /** The agent stops; what it was ending is ended by the next one, which finds the wish on disk. */
  readonly signal: AbortSignal
}

/** Carries out what the shim cannot. */
export class JobEnder {
  readonly #options: EnderOptions

  constructor(options: EnderOptions) {
    this.#options = options
  }

  /**
   * Makes sure that a job of another user can be ended at all.
   *
   * @throws {ErrandError} `denied` where sudo wants a password for it, which is not kept.
   */
  async check(entry: JobEntry): Promise<void> {
    const { sudo } = entry.tree(this.#options.kernel)
    if (sudo.length === 0 || (await allowsSudo(sudo))) return
    const { jobId } = entry.folder
    throw new ErrandError(
      'denied',
      `job ${jobId} runs as ${entry.spec.user} by a sudo password that is not kept, so that this agent cannot end it: ` +
        'end it on the host, or install the agent as root',
    )
  }

  /** Ends a running job's tree, in the background. The shim records the end, or the next review does. */
  cancel(entry: JobEntry, graceMs: number): void {
    if (entry.spec.kind === 'inline') {
      entry.stop.abort(new ErrandError('cancelled', 'the job was cancelled'))
      return
    }
    if (entry.isBeingEnded || exists(entry.folder.timedOut)) return
    entry.isBeingEnded = true
    this.#leaveWish(entry, graceMs)
    void this.#endTree(entry, graceMs)
  }

  /** For the shim, and for an agent that comes after us. */
  #leaveWish(entry: JobEntry, graceMs: number): void {
    try {
      writeWhole(entry.folder.cancel, String(graceMs))
    } catch (err) {
      // A full disk must not keep a job from being cancelled: we remember it ourselves.
      entry.wish = 'cancelled'
      this.#options.log.warn({ err, jobId: entry.folder.jobId }, 'wish to cancel not written')
    }
  }

  /** In the place of a shim that could not do it. */
  timeOut(entry: JobEntry): void {
    if (entry.isBeingEnded) return
    entry.isBeingEnded = true
    this.#options.log.warn(
      { jobId: entry.folder.jobId },
      'job past its time limit, the agent ends it',
    )
    markTimedOut(entry)
    void this.#endTree(entry, entry.spec.graceMs)
  }

  async #endTree(entry: JobEntry, graceMs: number): Promise<void> {
    const { kernel, signal, keeper, log } = this.#options
    const { jobId } = entry.folder
    try {
      const isOver = await endTree(entry.tree(kernel), { kernel, graceMs, signal })
      if (!isOver) log.error({ jobId }, 'job cancelled, but processes of it are still alive')
      keeper.review(entry)
    } catch (err) {
      if (!signal.aborted) log.error({ err, jobId }, 'job not cancelled')
    } finally {
      entry.isBeingEnded = false
    }
  }

  /** Stands in for the shim of a job whose program still runs. */
  async adopt(entry: JobEntry): Promise<void> {
    const { kernel, signal, keeper, log } = this.#options
    const { jobId } = entry.folder
    log.warn({ jobId }, 'shim gone, the agent stands in for it')
    try {
      keeper.hasEnded(entry, await superviseOrphan(entry, { kernel, signal }))
    } catch (err) {
      if (!signal.aborted) log.error({ err, jobId }, 'orphan not supervised')
    }
  }
}
