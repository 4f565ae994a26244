/** The jobs of this host: claims, starts, watches, cancels and forgets them. The spool is the truth, this is its keeper. */
import { setMaxListeners } from 'node:events'
import { mkdirSync, watch, type FSWatcher } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { ErrandError } from '../../proto/errors.ts'
import {
  isFinal,
  type JobId,
  type JobProgress,
  type JobReport,
  type JobSpec,
  type OutputStream,
  type ProcessIdentity,
  type ProgressStyle,
} from '../../proto/job.ts'
import { judge } from '../../proto/job-life.ts'
import { makeJobCgroup, removeJobCgroup } from './containment.ts'
import type { EndRecord } from './end-record.ts'
import { isInline, type InlineOperations } from './inline-operation.ts'
import { JobEnder } from './job-ender.ts'
import { JobEnds } from './job-ends.ts'
import { JobEntry } from './job-entry.ts'
import { jobFolder, type JobFolder } from './job-folder.ts'
import { openReport, usageOf } from './job-report.ts'
import { JobQueue } from './job-queue.ts'
import { JobReviews } from './job-reviews.ts'
import { JobStarter } from './job-starter.ts'
import { Journal } from './journal.ts'
import {
  readOutput,
  type OutputPiece,
  type OutputSource,
  type ReadOutputOptions,
} from './output.ts'
import { OutputRoom } from './output-room.ts'
import { ProgressReader } from './progress.ts'
import { readBootId, type KernelFiles } from './process-identity.ts'
import { exists, readText, writtenAtMs } from './read-text.ts'
import { recoverJob, recoverSpool, type Recovered } from './recover-spool.ts'
import { withOutput } from './report-output.ts'
import { PastJobs } from './past-jobs.ts'
import type { Retention } from './retention.ts'
import { ShimLauncher } from './shim-launcher.ts'
import type { ShimTools } from './shim-start.ts'
import type { StartContext } from './start-job.ts'
import { StartMarks } from './start-marks.ts'
import { storedSpec } from './stored-spec.ts'
import { UnreadableJobs } from './unreadable-jobs.ts'
import { FolderSync } from './write-file.ts'

export interface JobsOptions extends Omit<StartContext, 'endedDir' | 'ways'> {
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

/** One agent's jobs. Opened once per spool; close it to stop watching, which stops no job. */
export class Jobs {
  readonly journal: Journal
  readonly #options: JobsOptions
  readonly #jobsDir: string
  readonly #endedDir: string
  readonly #entries = new Map<JobId, JobEntry>()
  readonly #unreadable: UnreadableJobs
  readonly #recovered: Recovered
  readonly #past: PastJobs
  readonly #room: OutputRoom
  readonly #ends: JobEnds
  readonly #reviews: JobReviews
  readonly #launcher: ShimLauncher | undefined
  readonly #marks: StartMarks
  readonly #queue: JobQueue
  readonly #starter: JobStarter
  readonly #ender: JobEnder
  readonly #watcher: FSWatcher
  readonly #timers: readonly NodeJS.Timeout[]
  readonly #closing = new AbortController()
  readonly #progress = new ProgressReader()

  /** Reads the spool, tests each job's liveness and takes up again what is alive. */
  static async open(options: JobsOptions): Promise<Jobs> {
    const jobs = new Jobs(options)
    await recoverSpool(jobs.#jobsDir, options, jobs.#recovered)
    for (const entry of jobs.#entries.values()) jobs.#takeUp(entry)
    jobs.#queue.look()
    return jobs
  }

  private constructor(options: JobsOptions) {
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
    this.#past = new PastJobs({ ...options, file: join(spoolDir, 'forgotten'), journal })
    const makeRoom = (bytes: number) => this.#past.dropOutlived(this.#entries, bytes)
    this.#room = new OutputRoom({ ...options, makeRoom })
    this.#ends = new JobEnds({ ...options, endedDir: this.#endedDir, journal, room: this.#room })
    this.#recovered = {
      journal: this.journal,
      lastSeq: this.journal.lastSeq,
      found: (entry) => {
        this.#entries.set(entry.folder.jobId, entry)
      },
      ended: (entry, end, isRecorded) => {
        this.#entries.set(entry.folder.jobId, entry)
        this.#ends.record(entry, end, { isRecorded })
      },
      unreadable: (folder, error) => {
        this.#unreadable.add(folder, error)
      },
    }
    this.#unreadable = new UnreadableJobs({ recover: (folder) => this.#recover(folder), log })
    const keeper = {
      isQueued: (entry: JobEntry) => {
        this.journal.append(this.#reportOf(entry))
        log.info({ jobId: entry.folder.jobId, lock: entry.spec.lock }, 'job waits for a lock')
      },
      isRunning: (entry: JobEntry, main: ProcessIdentity) => {
        this.#isRunning(entry, main)
      },
      hasEnded: (entry: JobEntry, end: EndRecord) => {
        this.#ends.record(entry, end)
      },
      review: (entry: JobEntry) => {
        this.#reviews.review(entry)
      },
    }
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
      keeper,
      signal,
      ways,
    })
    this.#ender = new JobEnder({ kernel, keeper, log, signal })
    const { isRunning } = keeper
    this.#reviews = new JobReviews({ kernel, ends: this.#ends, ender: this.#ender, isRunning, log })
    this.#watcher = watch(this.#endedDir, { persistent: false }, (_event, name) => {
      if (name === null) return
      this.#marks.seen(name)
      const entry = this.#entries.get(name)
      if (entry) this.#reviews.review(entry)
    })
    this.#watcher.on('error', (err) => {
      log.warn({ err }, 'watch on ended jobs lost, the sweep remains')
    })
    const sweep = () => {
      this.#sweep()
    }
    const drop = () => {
      for (const entry of this.#entries.values()) if (entry.isOver) this.#ends.cutOutput(entry)
      this.#past.dropOutlived(this.#entries)
    }
    this.#timers = [setInterval(sweep, sweepMs).unref(), setInterval(drop, sweepMs * 30).unref()]
  }

  /** How many jobs are running. */
  get runningCount(): number {
    return [...this.#entries.values()].filter(({ isOver }) => !isOver).length
  }

  /**
   * Starts a job, unless this id was ever seen here: then it only says how that one is.
   *
   * @throws {ErrandError} `exhausted` when the spool cannot be written: nothing was started then.
   */
  async submit(spec: JobSpec): Promise<JobReport> {
    if (!this.#find(spec.jobId)) {
      const forgotten = this.#past.find(spec.jobId)
      if (forgotten) return forgotten
      this.#claim(spec)
    }
    return await this.look(spec.jobId)
  }

  /**
   * How a job is, looked at now.
   *
   * @throws {ErrandError} `not_found` for one that was never started here.
   */
  async look(jobId: JobId): Promise<JobReport> {
    const entry = this.#find(jobId)
    if (entry) {
      await entry.started
      await this.#reviews.settle(entry)
      const report = this.#reportOf(entry)
      const usage = isFinal(report.state) ? {} : usageOf(entry)
      return await withOutput({ ...report, ...usage }, entry.folder)
    }
    const forgotten = this.#past.find(jobId)
    if (forgotten) return forgotten
    throw unknownJob(jobId)
  }

  /**
   * How a job is, looked at now; one that was never started here never will be.
   *
   * @throws {ErrandError} `not_found` for such a one, when its id is remembered.
   */
  async callOff(jobId: JobId): Promise<JobReport> {
    if (this.#find(jobId) || this.#past.find(jobId)) return await this.look(jobId)
    this.#past.callOff(jobId)
    this.#options.log.info({ jobId }, 'job called off before it came')
    throw unknownJob(jobId)
  }

  /**
   * Ends a job's whole tree: TERM, the grace, KILL. Answers at once; the end comes as an event.
   *
   * @throws {ErrandError} `denied` when this agent has no right to.
   */
  async cancel(jobId: JobId, graceMs: number): Promise<JobReport> {
    const entry = this.#entries.get(jobId)
    await entry?.started
    while (entry?.life.kind === 'queued' && entry.life.isStarting) await entry.started
    if (entry?.life.kind === 'queued') this.#ends.record(entry, { kind: 'cancelled' })
    if (entry?.life.kind === 'running') {
      await this.#ender.check(entry)
      this.#ender.cancel(entry, graceMs)
    }
    return await this.look(jobId)
  }

  /**
   * Drops an ended job's folder.
   *
   * @throws {ErrandError} `conflict` while the job runs.
   */
  async forget(jobId: JobId): Promise<JobReport> {
    const report = await this.look(jobId)
    const entry = this.#entries.get(jobId)
    if (!entry) return report
    if (!isFinal(report.state)) {
      throw new ErrandError('conflict', `job ${jobId} is running: cancel it first`)
    }
    this.#past.drop(this.#entries, entry, report.state)
    return report
  }

  /** Uploaded files that jobs need which have not ended. */
  uploadsInUse(): ReadonlySet<string> {
    const open = [...this.#entries.values()].filter(({ isOver }) => !isOver)
    return new Set(open.map(({ spec }) => spec.uploadId))
  }

  /** All jobs that have a folder which can be read, oldest first. */
  list(): readonly JobReport[] {
    const known = [...this.#entries.values()].filter(({ life }) => life.kind !== 'starting')
    known.sort((a, b) => (a.folder.jobId < b.folder.jobId ? -1 : 1))
    for (const entry of known) this.#reviews.testLiveness(entry)
    const readable = known.filter((entry) => entry.isOver || entry.unreadable === undefined)
    return readable.map((entry) => this.#reportOf(entry))
  }

  /** Bytes of one of a job's streams; see {@link readOutput}. */
  async *readOutput(
    jobId: JobId,
    stream: OutputStream,
    options: Omit<ReadOutputOptions, 'pollMs'>,
  ): AsyncGenerator<OutputPiece, void> {
    const entry = this.#find(jobId)
    if (!entry) throw unknownJob(jobId)
    await entry.started
    const finalBytes = () =>
      entry.life.kind === 'ended' ? entry.life.report[stream].keptBytes : undefined
    const { output, ended } = entry
    const source: OutputSource = {
      file: entry.folder[stream],
      finalBytes,
      limit: () => output.limit(stream),
      given: (upTo) => {
        output.given(stream, upTo)
      },
      ended,
    }
    yield* readOutput(source, options)
  }

  /** What the output of a job that runs says of its progress; undefined when it says nothing. */
  async progress(jobId: JobId, style: ProgressStyle): Promise<JobProgress | undefined> {
    const entry = this.#entries.get(jobId)
    return entry && (await this.#progress.read(entry, style))
  }

  /**
   * A controller came that has stored events up to `lastSeq`. When it knows events that this journal has lost, the
   * journal begins anew and every job is told again; the controller takes each end once, by its job's id.
   */
  meet(lastSeq: number): void {
    if (!this.journal.hasLost(lastSeq)) return
    this.#options.log.warn({ lastSeq }, 'journal has lost events, every job is told again')
    this.journal.beginAnew()
    for (const entry of this.#entries.values()) {
      if (isGoingOn(entry)) this.journal.append(this.#reportOf(entry))
      if (entry.life.kind === 'ended') this.#ends.tell(entry, entry.life.report)
    }
  }

  /** Adds an ended job's output where it is small; reports of the journal come without. */
  async withOutput(report: JobReport): Promise<JobReport> {
    const entry = this.#entries.get(report.jobId)
    return entry ? await withOutput(report, entry.folder) : report
  }

  /** Stops watching. Jobs go on, and are found again by the next {@link Jobs.open}. */
  [Symbol.dispose](): void {
    this.#closing.abort()
    for (const timer of this.#timers) clearInterval(timer)
    this.#watcher.close()
    this.#launcher?.[Symbol.dispose]()
    this.#marks[Symbol.dispose]()
    for (const entry of this.#entries.values()) entry.stop.abort()
    this.#past[Symbol.dispose]()
    this.journal[Symbol.dispose]()
  }

  /** @throws {ErrandError} `denied` when it is here and cannot be read: nobody may say anything of it then. */
  #find(jobId: JobId): JobEntry | undefined {
    this.#unreadable.check(jobId)
    return this.#entries.get(jobId)
  }

  /** From here on the id is taken, in memory at once and on disk before anything is started. */
  #claim(spec: JobSpec): void {
    const folder = jobFolder(this.#jobsDir, spec.jobId)
    const inline = isInline(spec, this.#options.privilege)
    const cgroup = inline ? '' : makeJobCgroup(this.#options.cgroups, spec.jobId)
    const kind = inline ? 'inline' : 'program'
    const entry = new JobEntry(
      folder,
      storedSpec(spec, { kind, cgroup, claimedAtMs: Date.now() }),
      this.#options.quotaBytes,
    )
    this.#entries.set(spec.jobId, entry)
    entry.started = this.#starter.start(entry, spec)
    entry.started.catch(() => {
      // Every submit and look of this id awaits it too; with nothing started the id is free again.
      if (entry.life.kind === 'starting' && !exists(entry.folder.dir))
        this.#entries.delete(spec.jobId)
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

  #isRunning(entry: JobEntry, main: ProcessIdentity): void {
    if (judge(entry.word, { kind: 'running', process: main }) !== 'step') return
    const startedAtMs = writtenAtMs(entry.folder.process) ?? Date.now()
    entry.life = { kind: 'running', main, startedAtMs, isOrphan: false }
    this.journal.append(this.#reportOf(entry))
    this.#options.log.info({ jobId: entry.folder.jobId, pid: main.pid }, 'job started')
  }

  /** After a restart: what was being ended is ended, who lost its shim gets the agent in its place. */
  #takeUp(entry: JobEntry): void {
    const { life, folder } = entry
    this.#queue.restore(entry)
    if (this.journal.isNew && isGoingOn(entry)) this.journal.append(this.#reportOf(entry))
    if (life.kind !== 'running') return
    if (life.isOrphan) void this.#ender.adopt(entry)
    const grace = readText(folder.cancel)
    if (grace !== undefined) this.#ender.cancel(entry, graceFrom(grace) ?? entry.spec.graceMs)
  }

  async #recover(folder: JobFolder): Promise<void> {
    await recoverJob(folder, this.#options, this.#recovered)
    const entry = this.#entries.get(folder.jobId)
    if (entry) this.#takeUp(entry)
  }

  /** Finds out what nobody told, keeps output within its quota, and writes what a full disk did not take. */
  #sweep(): void {
    for (const entry of this.#entries.values()) {
      this.#reviews.review(entry)
      if (!entry.isOver) continue
      this.#ends.writeLate(entry)
      removeJobCgroup(entry.spec.cgroup)
    }
    this.#room.look(this.#entries.values())
    this.journal.mend()
    this.#unreadable.lookAgain()
    this.#queue.look()
  }

  #reportOf(entry: JobEntry): JobReport {
    this.#reviews.testLiveness(entry)
    if (entry.life.kind === 'ended') return entry.life.report
    if (entry.unreadable !== undefined)
      throw new ErrandError('denied', `job ${entry.folder.jobId}: ${entry.unreadable}`)
    const report = openReport(entry)
    if (report) return report
    throw new ErrandError('unreachable', `job ${entry.folder.jobId} is just being started`)
  }
}

function unknownJob(jobId: JobId): ErrandError {
  return new ErrandError('not_found', `no job ${jobId} on this host`)
}

function isGoingOn({ life }: JobEntry): boolean {
  return life.kind === 'queued' || life.kind === 'running'
}

/** The grace that stands in a wish to cancel; undefined when the disk did not take it whole. */
function graceFrom(text: string): number | undefined {
  return /^\d+$/u.test(text.trim()) ? Number(text) : undefined
}
