/** The jobs of this host: claims, starts, watches, cancels and forgets them. The spool is the truth, this is its keeper. */
import { setMaxListeners } from 'node:events'
import { mkdirSync, truncateSync, watch, type FSWatcher } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
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
import { isShimAbout } from './find-shim.ts'
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
import { callOff, readEnd, readFolder, type FolderState } from './read-folder.ts'
import { exists, readText, writtenAtMs } from './read-text.ts'
import { recoverJob, recoverSpool, type Recovered } from './recover-spool.ts'
import { withOutput } from './report-output.ts'
import { outlivedJobs, type Retention } from './retention.ts'
import { ShimLauncher } from './shim-launcher.ts'
import type { ShimTools } from './shim-start.ts'
import type { StartContext } from './start-job.ts'
import { isOverdue } from './time-limit.ts'
import { StartMarks } from './start-marks.ts'
import { storedSpec } from './stored-spec.ts'
import { FolderSync, writeOver } from './write-file.ts'

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
  /** Folders that could not be read at the start, and why: looked at again until they can. */
  readonly #unreadable = new Map<JobId, string>()
  readonly #recovered: Recovered
  readonly #forgotten: Forgotten
  readonly #launcher: ShimLauncher | undefined
  readonly #marks: StartMarks
  readonly #starter: JobStarter
  readonly #ender: JobEnder
  readonly #watcher: FSWatcher
  readonly #timers: readonly NodeJS.Timeout[]
  readonly #closing = new AbortController()
  readonly #progress = new ProgressReader()
  readonly #recovering = new Set<JobId>()

  /** Reads the spool, tests each job's liveness and takes up again what is alive. */
  static async open(options: JobsOptions): Promise<Jobs> {
    const jobs = new Jobs(options)
    await recoverSpool(jobs.#jobsDir, options, jobs.#recovered)
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
    this.#recovered = {
      journal: this.journal,
      lastSeq: this.journal.lastSeq,
      found: (entry) => {
        this.#entries.set(entry.folder.jobId, entry)
      },
      ended: (entry, end, isRecorded) => {
        this.#entries.set(entry.folder.jobId, entry)
        this.#recordEnd(entry, end, { isRecorded })
      },
      unreadable: ({ jobId, dir }, error) => {
        this.#unreadable.set(jobId, unreadableSentence(dir, error))
      },
    }
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
    if (!this.#find(spec.jobId)) {
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
    const entry = this.#find(jobId)
    if (entry) {
      await entry.started
      await this.#settle(entry)
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

  /** All jobs that have a folder which can be read, oldest first. */
  list(): readonly JobReport[] {
    const known = [...this.#entries.values()].filter(({ life }) => life.kind !== 'starting')
    known.sort((a, b) => (a.folder.jobId < b.folder.jobId ? -1 : 1))
    for (const entry of known) if (entry.life.kind === 'running') this.#testLiveness(entry)
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

  /**
   * A controller came that has stored events up to `lastSeq`. When it knows events that this journal has lost, the
   * journal begins anew and every job is told again; the controller takes each end once, by its job's id.
   */
  meet(lastSeq: number): void {
    if (!this.journal.hasLost(lastSeq)) return
    this.#options.log.warn({ lastSeq }, 'journal has lost events, every job is told again')
    this.journal.beginAnew()
    for (const entry of this.#entries.values()) {
      if (entry.life.kind === 'running') this.journal.append(this.#reportOf(entry))
      if (entry.life.kind === 'ended') this.#tellEnd(entry, entry.life.report)
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
    this.#forgotten[Symbol.dispose]()
    this.journal[Symbol.dispose]()
  }

  /** @throws {ErrandError} `denied` when it is here and cannot be read: nobody may say anything of it then. */
  #find(jobId: JobId): JobEntry | undefined {
    const why = this.#unreadable.get(jobId)
    if (why !== undefined) throw new ErrandError('denied', `job ${jobId}: ${why}`)
    return this.#entries.get(jobId)
  }

  /** A start that nobody answered for is found out about, for a moment, before anything is said of it. */
  async #settle(entry: JobEntry): Promise<void> {
    for (
      let looks = 0;
      entry.isDoubtful && entry.life.kind === 'starting' && looks < 20;
      looks += 1
    ) {
      await wait(50, undefined, { ref: false })
      this.#tryReview(entry)
    }
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
    if (grace !== undefined) this.#ender.cancel(entry, graceFrom(grace) ?? entry.spec.graceMs)
  }

  /** The id is remembered before the folder goes. A full disk first gets back the space of the output that goes. */
  #forget(entry: JobEntry, state: JobState): void {
    const { jobId, stdout, stderr } = entry.folder
    try {
      this.#forgotten.add(jobId, state)
    } catch {
      for (const file of [stdout, stderr]) truncateSync(file)
      this.#forgotten.add(jobId, state)
    }
    this.#entries.delete(entry.folder.jobId)
    removeFolder(entry)
  }

  /** Finds out what nobody told, keeps output within its quota, and writes what a full disk did not take. */
  #sweep(): void {
    for (const entry of this.#entries.values()) {
      if (!entry.isOver) this.#tryReview(entry)
      else {
        if (entry.unwrittenEnd) this.#writeEnd(entry, entry.unwrittenEnd)
        removeJobCgroup(entry.spec.cgroup)
      }
    }
    this.journal.mend()
    for (const jobId of this.#unreadable.keys()) void this.#recoverAgain(jobId)
  }

  /** What goes wrong with one job concerns no other. */
  #tryReview(entry: JobEntry): void {
    const { kernel, log } = this.#options
    const { folder } = entry
    try {
      this.#review(entry)
      if (isOverdue(kernel, entry)) this.#ender.timeOut(entry)
      this.#cutOutput(entry)
      entry.unreadable = undefined
    } catch (err) {
      if (entry.unreadable === undefined) log.warn({ err, jobId: folder.jobId }, 'job not reviewed')
      entry.unreadable = unreadableSentence(folder.dir, err)
    }
  }

  async #recoverAgain(jobId: JobId): Promise<void> {
    const folder = jobFolder(this.#jobsDir, jobId)
    if (this.#recovering.has(jobId)) return
    this.#recovering.add(jobId)
    try {
      await recoverJob(folder, this.#options, this.#recovered)
      this.#unreadable.delete(jobId)
      const entry = this.#entries.get(jobId)
      if (entry) this.#takeUp(entry)
      this.#options.log.info({ jobId }, 'job folder can be read again')
    } catch (err) {
      this.#unreadable.set(jobId, unreadableSentence(folder.dir, err))
    } finally {
      this.#recovering.delete(jobId)
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
    } else if (life.kind === 'running') this.#reviewWithoutFolder(entry, life.main)
    else if (entry.isDoubtful) this.#reviewDoubtful(entry, state)
  }

  /** Somebody took the files away, which the program need not notice. */
  #reviewWithoutFolder(entry: JobEntry, main: ProcessIdentity): void {
    if (isAlive(this.#options.kernel, main)) return
    const evidence = `${entry.folder.dir} was taken away while it ran, no end recorded`
    this.#recordEnd(entry, { kind: 'lost', evidence })
  }

  /** Nothing is concluded while a shim may be on its way. */
  #reviewDoubtful(entry: JobEntry, state: FolderState): void {
    const { folder } = entry
    if (isShimAbout(this.#options.kernel, folder)) return
    if (state.kind === 'starting') {
      this.#recordEnd(entry, { kind: 'lost', evidence: 'shim gone before it said who it was' })
    } else if (callOff(folder)) {
      const message = 'its shim did not come up, nothing was started'
      this.#recordEnd(entry, { kind: 'not_started', errno: 'EAGAIN', message })
    }
  }

  /** The one place where a job comes to its end. */
  #recordEnd(entry: JobEntry, end: EndRecord, { isRecorded = false } = {}): void {
    if (entry.isOver) return
    const { folder } = entry
    // An end that is on the disk already stands, as it would after a restart.
    const standing = isRecorded ? end : readEnd(folder)
    if (!standing) this.#writeEnd(entry, end)
    this.#cutOutput(entry)
    const report = endedReport(entry, asWished(entry, standing ?? end))
    this.#tellEnd(entry, report)
    this.#options.log.info({ jobId: folder.jobId, state: report.state.kind }, 'job ended')
  }

  #tellEnd(entry: JobEntry, report: JobReport): void {
    const { seq } = this.journal.append(report)
    entry.end(report, seq)
    const final = { journalId: this.journal.id, seq, report }
    tidyEnded(entry, final, { ...this.#options, endedDir: this.#endedDir })
  }

  #cutOutput({ folder, quotaBytes }: JobEntry): void {
    try {
      enforceQuota(folder, quotaBytes)
    } catch (err) {
      this.#options.log.warn({ err, jobId: folder.jobId }, 'output of job not cut off')
    }
  }

  /** The sweep tries again what the disk does not take. */
  #writeEnd(entry: JobEntry, end: EndRecord): void {
    const { folder } = entry
    try {
      writeOver(folder.end, { draft: folder.endDraft, text: endText(end) })
      entry.unwrittenEnd = undefined
    } catch (err) {
      if (!entry.unwrittenEnd)
        this.#options.log.warn({ err, jobId: folder.jobId }, 'end of job not written')
      entry.unwrittenEnd = existsQuietly(folder.dir) ? end : undefined
    }
  }

  #reportOf(entry: JobEntry): JobReport {
    if (entry.life.kind === 'running' && entry.spec.kind === 'program') this.#testLiveness(entry)
    if (entry.life.kind === 'ended') return entry.life.report
    if (entry.unreadable !== undefined)
      throw new ErrandError('denied', `job ${entry.folder.jobId}: ${entry.unreadable}`)
    const report = runningReport(entry)
    if (report) return report
    throw new ErrandError('unreachable', `job ${entry.folder.jobId} is just being started`)
  }

  /** `running` is only said of what was seen alive just now. */
  #testLiveness(entry: JobEntry): void {
    if (entry.life.kind !== 'running') return
    if (!isAlive(this.#options.kernel, entry.life.main)) this.#tryReview(entry)
  }
}

/** The disk did not take down why it was ended: the shim could not know it. */
function asWished(entry: JobEntry, end: EndRecord): EndRecord {
  return entry.wish && end.kind === 'ended' ? { kind: entry.wish } : end
}

function unreadableSentence(dir: string, error: unknown): string {
  return `nobody can say how it is, since ${dir} cannot be read: ${sentenceOf(error)}`
}

function existsQuietly(path: string): boolean {
  try {
    return exists(path)
  } catch {
    return true
  }
}

/** The grace that stands in a wish to cancel; undefined when the disk did not take it whole. */
function graceFrom(text: string): number | undefined {
  return /^\d+$/u.test(text.trim()) ? Number(text) : undefined
}
