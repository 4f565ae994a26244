/** Keeps the jobs of a spool, which is the truth: what becomes of each, from its claim to its end. */
import { setMaxListeners } from 'node:events'
import { mkdirSync, watch, type FSWatcher } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { ErrandError } from '../../proto/errors.ts'
import { type JobId, type JobReport, type JobSpec, type ProcessIdentity } from '../../proto/job.ts'
import { judge } from '../../proto/job-life.ts'
import { makeJobCgroup, removeJobCgroup } from './containment.ts'
import type { EndRecord } from './end-record.ts'
import { isInline, type InlineOperations } from './inline-operation.ts'
import { JobEnder } from './job-ender.ts'
import { JobEnds } from './job-ends.ts'
import { JobEntry } from './job-entry.ts'
import { jobFolder, type JobFolder } from './job-folder.ts'
import { openReport } from './job-report.ts'
import { JobQueue } from './job-queue.ts'
import { JobReviews } from './job-reviews.ts'
import { JobStarter, type JobKeeper } from './job-starter.ts'
import { Journal } from './journal.ts'
import { OutputRoom } from './output-room.ts'
import { readBootId, type KernelFiles } from './process-identity.ts'
import { exists, readText, writtenAtMs } from './read-text.ts'
import { recoverJob, recoverSpool, type Recovered } from './recover-spool.ts'
import { PastJobs } from './past-jobs.ts'
import type { Retention } from './retention.ts'
import { ShimLauncher } from './shim-launcher.ts'
import type { ShimTools } from './shim-start.ts'
import type { StartContext } from './start-job.ts'
import { StartMarks } from './start-marks.ts'
import { storedSpec } from './stored-spec.ts'
import { UnreadableJobs } from './unreadable-jobs.ts'
import { FolderSync } from './write-file.ts'

export interface SpoolKeeperOptions extends Omit<StartContext, 'endedDir' | 'ways'> {
  readonly tools: ShimTools
  /** Everything of this agent's jobs lies below; made when missing. */
  readonly spoolDir: string
  readonly kernel: KernelFiles
  readonly operations: InlineOperations
  /** An uploaded file that a job brought with it goes with the job. */
  readonly dropUpload: (uploadId: string) => void
  readonly log: Logger
  /** Bytes of each stream of a job that are kept. */
  readonly quotaBytes: number
  /** Bytes of output that all jobs together keep. */
  readonly totalQuotaBytes: number
  /** Bytes of the disk that output leaves free; see {@link OutputRoom}. */
  readonly reserveBytes: number
  readonly retention: Retention
  /** Looks after processes that told nothing, this often. Default 1 s. */
  readonly sweepMs?: number
}

/** Opened once per spool; close it to stop watching, which stops no job. */
export class SpoolKeeper implements JobKeeper, Disposable {
  readonly journal: Journal
  readonly entries = new Map<JobId, JobEntry>()
  readonly past: PastJobs
  readonly ends: JobEnds
  readonly reviews: JobReviews
  readonly ender: JobEnder
  readonly #options: SpoolKeeperOptions
  readonly #jobsDir: string
  readonly #endedDir: string
  readonly #unreadable: UnreadableJobs
  readonly #recovered: Recovered
  readonly #room: OutputRoom
  readonly #launcher: ShimLauncher | undefined
  readonly #marks: StartMarks
  readonly #queue: JobQueue
  readonly #starter: JobStarter
  readonly #watcher: FSWatcher
  readonly #timers: readonly NodeJS.Timeout[]
  readonly #closing = new AbortController()

  /** Reads the spool, tests each job's liveness and takes up again what is alive. */
  static async open(options: SpoolKeeperOptions): Promise<SpoolKeeper> {
    const keeper = new SpoolKeeper(options)
    await recoverSpool(keeper.#jobsDir, options, keeper.#recovered)
    for (const entry of keeper.entries.values()) keeper.#takeUp(entry)
    keeper.#queue.look()
    return keeper
  }

  private constructor(options: SpoolKeeperOptions) {
    const { spoolDir, kernel, log, sweepMs = 1000 } = options
    this.#options = options
    this.#jobsDir = join(spoolDir, 'jobs')
    this.#endedDir = join(spoolDir, 'ended')
    for (const dir of [spoolDir, this.#jobsDir, this.#endedDir]) {
      mkdirSync(dir, { recursive: true, mode: 0o700 })
    }
    const bootId = readBootId(kernel)
    this.journal = new Journal({ file: join(spoolDir, 'journal'), bootId, log })
    const { journal } = this
    this.past = new PastJobs({ ...options, file: join(spoolDir, 'forgotten'), journal })
    const makeRoom = (bytes: number) => this.past.dropOutlived(this.entries, bytes)
    this.#room = new OutputRoom({ ...options, makeRoom })
    this.ends = new JobEnds({ ...options, endedDir: this.#endedDir, journal, room: this.#room })
    this.#recovered = this.#recovery()
    this.#unreadable = new UnreadableJobs({ recover: (folder) => this.#recover(folder), log })
    const { signal } = this.#closing
    setMaxListeners(0, signal) // one for each job that is being ended
    const claims = new FolderSync(this.#jobsDir)
    this.#marks = new StartMarks(this.#endedDir)
    const { tools } = options
    this.#launcher = tools.canFork ? new ShimLauncher({ ...tools, log }) : undefined
    const ways = { tools, launcher: this.#launcher, marks: this.#marks }
    this.#queue = new JobQueue({
      onTurn: (entry) => {
        void this.#startQueued(entry)
      },
      isCertain: () => this.#unreadable.isEmpty,
    })
    this.#starter = new JobStarter({
      ...options,
      endedDir: this.#endedDir,
      claims,
      queue: this.#queue,
      keeper: this,
      signal,
      ways,
    })
    this.ender = new JobEnder({ kernel, keeper: this, log, signal })
    const isRunning = (entry: JobEntry, main: ProcessIdentity) => {
      this.isRunning(entry, main)
    }
    this.reviews = new JobReviews({ kernel, ends: this.ends, ender: this.ender, isRunning, log })
    this.#watcher = this.#watchEnds()
    const sweep = () => {
      this.#sweep()
    }
    const drop = () => {
      this.#dropOutlived()
    }
    this.#timers = [setInterval(sweep, sweepMs).unref(), setInterval(drop, sweepMs * 30).unref()]
  }

  isQueued(entry: JobEntry): void {
    const { folder, spec } = entry
    this.journal.append(this.reportOf(entry))
    this.#options.log.info({ jobId: folder.jobId, lock: spec.lock }, 'job waits for a lock')
  }

  isRunning(entry: JobEntry, main: ProcessIdentity): void {
    if (judge(entry.word, { kind: 'running', process: main }) !== 'step') return
    const startedAtMs = writtenAtMs(entry.folder.process) ?? Date.now()
    entry.life = { kind: 'running', main, startedAtMs, isOrphan: false }
    this.journal.append(this.reportOf(entry))
    this.#options.log.info({ jobId: entry.folder.jobId, pid: main.pid }, 'job started')
  }

  hasEnded(entry: JobEntry, end: EndRecord): void {
    this.ends.record(entry, end)
  }

  review(entry: JobEntry): void {
    this.reviews.review(entry)
  }

  /** Begins the journal anew and tells every job again. */
  tellAgain(): void {
    this.journal.beginAnew()
    for (const entry of this.entries.values()) {
      if (isGoingOn(entry)) this.journal.append(this.reportOf(entry))
      if (entry.life.kind === 'ended') this.ends.tell(entry, entry.life.report)
    }
  }

  /** @throws {ErrandError} `denied` when it is here and cannot be read: nobody may say anything of it then. */
  find(jobId: JobId): JobEntry | undefined {
    this.#unreadable.check(jobId)
    return this.entries.get(jobId)
  }

  /** From here on the id is taken, in memory at once and on disk before anything is started. */
  claim(spec: JobSpec): void {
    const folder = jobFolder(this.#jobsDir, spec.jobId)
    const inline = isInline(spec, this.#options.privilege)
    const cgroup = inline ? '' : makeJobCgroup(this.#options.cgroups, spec.jobId)
    const kind = inline ? 'inline' : 'program'
    const entry = new JobEntry(
      folder,
      storedSpec(spec, { kind, cgroup, claimedAtMs: Date.now() }),
      this.#options.quotaBytes,
    )
    this.entries.set(spec.jobId, entry)
    entry.started = this.#starter.start(entry, spec)
    entry.started.catch(() => {
      // Every submit and look of this id awaits it too; with nothing started the id is free again.
      if (entry.life.kind === 'starting' && !exists(entry.folder.dir))
        this.entries.delete(spec.jobId)
    })
  }

  /** Its turn has come, perhaps while it was just being written down. */
  async #startQueued(entry: JobEntry): Promise<void> {
    await entry.started.catch(() => undefined) // told to who submitted it
    const { life } = entry
    if (life.kind !== 'queued' || life.isStarting || this.#closing.signal.aborted) return
    entry.life = { ...life, isStarting: true }
    entry.started = this.#starter.startQueued(entry, life.job)
    entry.started.catch((err: unknown) => {
      this.#options.log.error({ err, jobId: entry.folder.jobId }, 'queued job not started')
    })
  }

  /** What is found in the spool. */
  #recovery(): Recovered {
    return {
      journal: this.journal,
      lastSeq: this.journal.lastSeq,
      found: (entry) => {
        this.entries.set(entry.folder.jobId, entry)
      },
      ended: (entry, end, isRecorded) => {
        this.entries.set(entry.folder.jobId, entry)
        this.ends.record(entry, end, { isRecorded })
      },
      unreadable: (folder, error) => {
        this.#unreadable.add(folder, error)
      },
    }
  }

  /** Each job that ends leaves a mark in the folder of ends. */
  #watchEnds(): FSWatcher {
    const watcher = watch(this.#endedDir, { persistent: false }, (_event, name) => {
      if (name === null) return
      this.#marks.seen(name)
      const entry = this.entries.get(name)
      if (entry) this.reviews.review(entry)
    })
    watcher.on('error', (err) => {
      this.#options.log.warn({ err }, 'watch on ended jobs lost, the sweep remains')
    })
    return watcher
  }

  /** After a restart: what was being ended is ended, who lost its shim gets the agent in its place. */
  #takeUp(entry: JobEntry): void {
    const { life, folder } = entry
    this.#queue.restore(entry)
    if (this.journal.isNew && isGoingOn(entry)) this.journal.append(this.reportOf(entry))
    if (life.kind !== 'running') return
    if (life.isOrphan) void this.ender.adopt(entry)
    const grace = readText(folder.cancel)
    if (grace !== undefined) this.ender.cancel(entry, graceFrom(grace) ?? entry.spec.graceMs)
  }

  async #recover(folder: JobFolder): Promise<void> {
    await recoverJob(folder, this.#options, this.#recovered)
    const entry = this.entries.get(folder.jobId)
    if (entry) this.#takeUp(entry)
  }

  /** Lets ended jobs go, after what those they left behind have written since was cut off. */
  #dropOutlived(): void {
    for (const entry of this.entries.values()) if (entry.isOver) this.ends.cutOutput(entry)
    this.past.dropOutlived(this.entries)
  }

  /** Finds out what nobody told, keeps output within its quota, and writes what a full disk did not take. */
  #sweep(): void {
    for (const entry of this.entries.values()) {
      this.reviews.review(entry)
      if (!entry.isOver) continue
      this.ends.writeLate(entry)
      removeJobCgroup(entry.spec.cgroup)
    }
    this.#room.look(this.entries.values())
    this.journal.mend()
    this.#unreadable.lookAgain()
    this.#queue.look()
  }

  /** @throws {ErrandError} `denied` for a job that cannot be read, `unreachable` for one that is just being started. */
  reportOf(entry: JobEntry): JobReport {
    this.reviews.testLiveness(entry)
    if (entry.life.kind === 'ended') return entry.life.report
    if (entry.unreadable !== undefined)
      throw new ErrandError('denied', `job ${entry.folder.jobId}: ${entry.unreadable}`)
    const report = openReport(entry)
    if (report) return report
    throw new ErrandError('unreachable', `job ${entry.folder.jobId} is just being started`)
  }

  /** Stops watching. Jobs go on, and are found again by the next {@link SpoolKeeper.open}. */
  [Symbol.dispose](): void {
    this.#closing.abort()
    for (const timer of this.#timers) clearInterval(timer)
    this.#watcher.close()
    this.#launcher?.[Symbol.dispose]()
    this.#marks[Symbol.dispose]()
    for (const entry of this.entries.values()) entry.stop.abort()
    this.past[Symbol.dispose]()
    this.journal[Symbol.dispose]()
  }
}

function isGoingOn({ life }: JobEntry): boolean {
  return life.kind === 'queued' || life.kind === 'running'
}

/** The grace that stands in a wish to cancel; undefined when the disk did not take it whole. */
function graceFrom(text: string): number | undefined {
  return /^\d+$/u.test(text.trim()) ? Number(text) : undefined
}
