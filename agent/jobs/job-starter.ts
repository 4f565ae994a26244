/** Starting: from a claim in memory to a claim on disk to a running program, or to an end. */
import type { JobSpec, ProcessIdentity } from '../../proto/job.ts'
import type { Logger } from 'pino'
import {
  claimError,
  layDown,
  makeFolder,
  removeFolder,
  renewCgroup,
  unlinkIfThere,
} from './claim.ts'
import type { EndRecord } from './end-record.ts'
import {
  claimInline,
  runInline,
  unknownOperation,
  type InlineOperations,
} from './inline-operation.ts'
import type { JobEntry } from './job-entry.ts'
import type { JobQueue } from './job-queue.ts'
import { jobEnvironment } from './job-environment.ts'
import type { KernelFiles } from './process-identity.ts'
import { exists } from './read-text.ts'
import { identityFor, startJob, type StartContext } from './start-job.ts'
import { writeQueued, type QueuedJob } from './queued-job.ts'
import { syncPath, type FolderSync } from './write-file.ts'

/** Who keeps the jobs: told what becomes of one. */
export interface JobKeeper {
  readonly isQueued: (entry: JobEntry) => void
  readonly isRunning: (entry: JobEntry, main: ProcessIdentity) => void
  readonly hasEnded: (entry: JobEntry, end: EndRecord) => void
  /** Something may have happened: look at the job's folder. */
  readonly review: (entry: JobEntry) => void
}

export interface StarterOptions extends StartContext {
  readonly kernel: KernelFiles
  readonly operations: InlineOperations
  /** Brings new claims to the disk. */
  readonly claims: FolderSync
  readonly queue: JobQueue
  readonly keeper: JobKeeper
  readonly log: Logger
  /** The agent stops. */
  readonly signal: AbortSignal
  /** How long the answer to a submit waits for an operation inside the agent. Default 50 ms. */
  readonly patienceMs?: number
}

const passwordLost =
  'it needs a become password, which is in no file, and the agent was restarted while it waited: submit it again'

/** Starts jobs whose ids have been taken in memory. */
export class JobStarter {
  readonly #options: StarterOptions

  constructor(options: StarterOptions) {
    this.#options = options
  }

  /**
   * Starts one job, or lets it wait for its turn.
   *
   * @throws {ErrandError} when its folder cannot be written; the claim is then taken back.
   */
  async start(entry: JobEntry, spec: JobSpec): Promise<void> {
    const { queue } = this.#options
    makeFolder(entry)
    try {
      layDown(entry)
      if (!queue.enter(entry)) return await this.#queue(entry, spec)
      if (entry.spec.kind === 'inline') return await this.#startInline(entry, spec)
      // A claim that a power cut could undo would let a repeated submit start the program twice.
      await this.#options.claims.done()
      await this.#startProgram(entry, spec)
    } catch (cause) {
      // With a shim on its way the id stays taken: the sweep finds out.
      if (exists(entry.folder.shim)) return this.#doubt(entry)
      removeFolder(entry)
      queue.leave(entry)
      throw claimError(cause, entry.folder)
    }
  }

  /** Starts a job that had to wait. It was promised: what keeps it from starting is its end. */
  async startQueued(entry: JobEntry, { spec, isPasswordLost }: QueuedJob): Promise<void> {
    const { keeper, cgroups, log } = this.#options
    const { folder } = entry
    const refused = (errno: string, message: string) => {
      keeper.hasEnded(entry, { kind: 'not_started', errno, message })
    }
    try {
      if (isPasswordLost) return refused('EACCES', passwordLost)
      if (entry.spec.kind === 'inline') return await this.#startInline(entry, spec)
      renewCgroup(entry, cgroups)
      await this.#startProgram(entry, spec)
    } catch (cause) {
      if (exists(folder.shim)) return this.#doubt(entry)
      log.warn({ err: cause, jobId: folder.jobId }, 'queued job not started')
      const { code, message } = claimError(cause, folder)
      refused(code.toUpperCase(), message)
    } finally {
      unlinkIfThere(folder.queued)
    }
  }

  /** The answer to its submit says that it waits, so it must outlive this agent and a power cut. */
  async #queue(entry: JobEntry, spec: JobSpec): Promise<void> {
    const { queue, claims, keeper } = this.#options
    const { folder } = entry
    const job = queue.ticket(spec)
    writeQueued(folder, job)
    await Promise.all([syncPath(folder.queued), syncPath(folder.dir), claims.done()])
    entry.life = { kind: 'queued', job, isStarting: false }
    keeper.isQueued(entry)
    queue.look() // the lock may have become free meanwhile
  }

  async #startProgram(entry: JobEntry, spec: JobSpec): Promise<void> {
    const { privilege, operations, keeper } = this.#options
    const { work } = spec
    if (work.kind === 'operation' && !operations.has(work.operation)) {
      return keeper.hasEnded(entry, unknownOperation(work.operation))
    }
    const identity = await identityFor(spec, privilege)
    if ('kind' in identity) return keeper.hasEnded(entry, identity)
    const started = await startJob(entry, spec, { identity, context: this.#options })
    if (started.kind === 'over') return keeper.hasEnded(entry, started.end)
    if (started.kind === 'unknown') return this.#doubt(entry)
    keeper.isRunning(entry, started.main)
  }

  #doubt(entry: JobEntry): void {
    if (entry.life.kind === 'queued') entry.life = { kind: 'starting' }
    entry.isDoubtful = true
    this.#options.keeper.review(entry)
  }

  async #startInline(entry: JobEntry, spec: JobSpec): Promise<void> {
    const { kernel, operations, privilege, locale, keeper, patienceMs = 50 } = this.#options
    const main = claimInline(entry.folder, kernel)
    entry.life = { kind: 'running', main, startedAtMs: Date.now(), isOrphan: false }
    const environment = jobEnvironment(privilege.own, spec.environment, locale)
    const { signal } = entry.stop
    const over = (async () => {
      const end = await runInline(spec, { operations, folder: entry.folder, environment, signal })
      if (!this.#options.signal.aborted) keeper.hasEnded(entry, end)
    })()
    // Most take a millisecond: then the answer to the submit has the end already.
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())])
  }
}
