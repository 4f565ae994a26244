/** The jobs of this host: claims, starts, watches, cancels and forgets them. The spool is the truth, this is its keeper. */
import { setMaxListeners } from 'node:events'
import { mkdirSync, watch, type FSWatcher } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { ErrandError } from '../../proto/errors.ts'
import {
  isFinal,
  type JobId,
  type JobReport,
  type JobSpec,
  type JobState,
  type OutputStream,
  type ProcessIdentity,
} from '../../proto/job.ts'
import { judge } from '../../proto/job-life.ts'
import { removeFolder, tidyEnded } from './claim.ts'
import { makeJobCgroup, removeJobCgroup } from './containment.ts'
import { endText, type EndRecord } from './end-record.ts'
import { Forgotten } from './forgotten.ts'
import { isInline, type InlineOperations } from './inline-operation.ts'
import { JobEnder } from './job-ender.ts'
import { JobEntry } from './job-entry.ts'
import { jobFolder } from './job-folder.ts'
import { endedReport, forgottenReport, runningReport } from './job-report.ts'
import { JobStarter } from './job-starter.ts'
import { Journal } from './journal.ts'
import { enforceQuota } from './output-quota.ts'
import { readOutput, type OutputPiece, type ReadOutputOptions } from './output.ts'
import { ProgressReader, type JobProgress, type ProgressStyle } from './progress.ts'
import { isAlive, readBootId, type KernelFiles } from './process-identity.ts'
import { exists, readEnd, readFolder, readText, writtenAtMs } from './read-folder.ts'
import { recoverSpool } from './recover-spool.ts'
import { withOutput } from './report-output.ts'
import { outlivedJobs, type Retention } from './retention.ts'
import { ShimLauncher } from './shim-launcher.ts'
import type { ShimTools } from './shim-start.ts'
import type { StartContext } from './start-job.ts'
import { StartMarks } from './start-marks.ts'
import { storedSpec } from './stored-spec.ts'
import { FolderSync, writeWhole } from './write-file.ts'

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
  readonly #forgotten: Forgotten
  readonly #launcher: ShimLauncher | undefined
  readonly #marks: StartMarks
  readonly #starter: JobStarter
  readonly #ender: JobEnder
  readonly #watcher: FSWatcher
  readonly #timers: readonly NodeJS.Timeout[]
  readonly #closing = new AbortController()
  readonly #progress = new ProgressReader()

  /** Reads the spool, tests each job's liveness and takes up again what is alive. */
  static async open(options: JobsOptions): Promise<Jobs> {
    const jobs = new Jobs(options)
    await recoverSpool(jobs.#jobsDir, options, {
      found: (entry) => {
        jobs.#entries.set(entry.folder.jobId, entry)
      },
      ended: (entry, end, isRecorded) => {
        jobs.#entries.set(entry.folder.jobId, entry)
        jobs.#recordEnd(entry, end, { isRecorded })
      },
      journal: jobs.journal,
    })
    for (const entry of jobs.#entries.values()) jobs.#takeUp(entry)
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
    this.#forgotten = new Forgotten({ file: join(spoolDir, 'forgotten') })
    const keeper = {
      isRunning: (entry: JobEntry, main: ProcessIdentity) => {
        this.#isRunning(entry, main)
      },
      hasEnded: (entry: JobEntry, end: EndRecord) => {
        this.#recordEnd(entry, end)
      },
      review: (entry: JobEntry) => {
        this.#review(entry)
      },
    }
    const { signal } = this.#closing
    setMaxListeners(0, signal) // one for each job that is being ended
    const claims = new FolderSync(this.#jobsDir)
    this.#marks = new StartMarks(this.#endedDir)
    const { tools } = options
    this.#launcher = tools.canFork ? new ShimLauncher({ ...tools, log }) : undefined
    const ways = { tools, launcher: this.#launcher, marks: this.#marks }
    this.#starter = new JobStarter({
      ...options,
      endedDir: this.#endedDir,
      claims,
      keeper,
      signal,
      ways,
    })
    this.#ender = new JobEnder({ kernel, keeper, log, signal })
    this.#watcher = watch(this.#endedDir, { persistent: false }, (_event, name) => {
      if (name === null) return
      this.#marks.seen(name)
      const entry = this.#entries.get(name)
      if (entry) this.#review(entry)
    })
    this.#watcher.on('error', (err) => {
      log.warn({ err }, 'watch on ended jobs lost, the sweep remains')
    })
    const sweep = () => {
      this.#sweep()
    }
    const drop = () => {
      this.#dropOutlived()
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
    if (!this.#entries.has(spec.jobId)) {
      const forgotten = this.#forgottenReport(spec.jobId)
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
    const entry = this.#entries.get(jobId)
    if (entry) {
      await entry.started
      return await withOutput(this.#reportOf(entry), entry.folder)
    }
    const forgotten = this.#forgottenReport(jobId)
    if (forgotten) return forgotten
    throw new ErrandError('not_found', `no job ${jobId} on this host`)
  }

  /**
   * Ends a job's whole tree: TERM, the grace, KILL. Answers at once; the end comes as an event.
   *
   * @throws {ErrandError} `denied` when this agent has no right to.
   */
  async cancel(jobId: JobId, graceMs: number): Promise<JobReport> {
    const entry = this.#entries.get(jobId)
    await entry?.started
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
    this.#forget(entry, report.state)
    return report
  }

  /** All jobs that have a folder, oldest first. */
  list(): readonly JobReport[] {
    const known = [...this.#entries.values()].filter(({ life }) => life.kind !== 'starting')
    known.sort((a, b) => (a.folder.jobId < b.folder.jobId ? -1 : 1))
    return known.map((entry) => this.#reportOf(entry))
  }

  /** Bytes of one of a job's streams; see {@link readOutput}. */
  async *readOutput(
    jobId: JobId,
    stream: OutputStream,
    options: Omit<ReadOutputOptions, 'pollMs'>,
  ): AsyncGenerator<OutputPiece, void> {
    const entry = this.#entries.get(jobId)
    if (!entry) throw new ErrandError('not_found', `no job ${jobId} on this host`)
    await entry.started
    const finalBytes = () =>
      entry.life.kind === 'ended' ? entry.life.report[stream].keptBytes : undefined
    const { quotaBytes, ended } = entry
    yield* readOutput({ file: entry.folder[stream], finalBytes, quotaBytes, ended }, options)
  }

  /** What the output of a job that runs says of its progress; undefined when it says nothing. */
  async progress(jobId: JobId, style: ProgressStyle): Promise<JobProgress | undefined> {
    const entry = this.#entries.get(jobId)
    return entry && (await this.#progress.read(entry, style))
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
    this.journal[Symbol.dispose]()
  }

  #forgottenReport(jobId: JobId): JobReport | undefined {
    const state = this.#forgotten.find(jobId)
    return state && forgottenReport(jobId, state)
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
    if (life.kind !== 'running') return
    if (this.journal.isNew) this.journal.append(this.#reportOf(entry))
    if (life.isOrphan) void this.#ender.adopt(entry)
    const grace = readText(folder.cancel)
    if (grace !== undefined) this.#ender.cancel(entry, Number(grace))
  }

  /** The id is remembered before the folder goes. */
  #forget(entry: JobEntry, state: JobState): void {
    this.#forgotten.add(entry.folder.jobId, state)
    this.#entries.delete(entry.folder.jobId)
    removeFolder(entry)
  }

  /** Finds out what nobody told, and keeps output within its quota. */
  #sweep(): void {
    const { quotaBytes, log } = this.#options
    try {
      for (const entry of this.#entries.values()) {
        if (!entry.isOver) {
          enforceQuota(entry.folder, quotaBytes)
          this.#review(entry)
        } else removeJobCgroup(entry.spec.cgroup)
      }
    } catch (err) {
      log.warn({ err }, 'sweep broken off, the next one comes') // a full disk, most likely
    }
  }

  #dropOutlived(): void {
    const { retention, log } = this.#options
    const isAcknowledged = (seq: number) => this.journal.isAcknowledged(seq)
    try {
      const view = { retention, nowMs: Date.now(), isAcknowledged }
      for (const entry of outlivedJobs(this.#entries.values(), view)) {
        if (entry.life.kind === 'ended') this.#forget(entry, entry.life.report.state)
      }
    } catch (err) {
      log.warn({ err }, 'old jobs not dropped')
    }
  }

  /** Looks at a job's folder and processes, and draws the conclusion. */
  #review(entry: JobEntry): void {
    const { life, folder, spec } = entry
    if (entry.isOver || spec.kind === 'inline') return
    const state = readFolder(folder, this.#options.kernel)
    if (state.kind === 'ended') {
      this.#recordEnd(entry, state.end, { isRecorded: state.isRecorded })
    } else if (state.kind === 'running') {
      this.#isRunning(entry, state.main)
      if (state.isOrphan && life.kind === 'running' && !life.isOrphan) {
        entry.life = { ...life, isOrphan: true }
        void this.#ender.adopt(entry)
      }
    }
  }

  /** The one place where a job comes to its end. */
  #recordEnd(entry: JobEntry, end: EndRecord, { isRecorded = false } = {}): void {
    if (entry.isOver) return
    const { folder } = entry
    // An end that is on the disk already stands, as it would after a restart.
    const standing = isRecorded ? end : readEnd(folder)
    if (!standing) this.#writeEnd(entry, end)
    enforceQuota(folder, entry.quotaBytes)
    const report = endedReport(entry, standing ?? end)
    const { seq } = this.journal.append(report)
    entry.end(report, seq)
    tidyEnded(entry, report, { ...this.#options, endedDir: this.#endedDir })
    this.#options.log.info({ jobId: folder.jobId, state: report.state.kind }, 'job ended')
  }

  #writeEnd({ folder }: JobEntry, end: EndRecord): void {
    try {
      writeWhole(folder.end, endText(end))
    } catch (err) {
      this.#options.log.warn({ err, jobId: folder.jobId }, 'end of job not written')
    }
  }

  #reportOf(entry: JobEntry): JobReport {
    if (entry.life.kind === 'running' && entry.spec.kind === 'program') this.#testLiveness(entry)
    if (entry.life.kind === 'ended') return entry.life.report
    const report = runningReport(entry)
    if (report) return report
    throw new ErrandError('unreachable', `job ${entry.folder.jobId} is just being started`)
  }

  /** `running` is only said of what was seen alive just now. */
  #testLiveness(entry: JobEntry): void {
    if (entry.life.kind !== 'running') return
    if (!isAlive(this.#options.kernel, entry.life.main)) this.#review(entry)
  }
}
