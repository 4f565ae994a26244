/** The jobs of this host: claims, starts, watches, cancels and forgets them. The spool is the truth, this is its keeper. */
import { mkdirSync, rmSync, unlinkSync, watch, writeFileSync, type FSWatcher } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { JobId, JobReport, JobSpec, OutputStream, ProcessIdentity } from '../../proto/job.ts'
import { containmentOf, makeJobCgroup, readUsage, removeJobCgroup } from './containment.ts'
import { endText, stateOfEnd, type EndRecord } from './end-record.ts'
import { endTree } from './end-tree.ts'
import { Forgotten } from './forgotten.ts'
import { claimInline, isInline, runInline, unknownOperation, type InlineOperations } from './inline-operation.ts'
import { JobEntry } from './job-entry.ts'
import { jobEnvironment } from './job-environment.ts'
import { jobFolder } from './job-folder.ts'
import { Journal } from './journal.ts'
import { readOutput, type OutputPiece } from './output.ts'
import { isAlive, readBootId, type KernelFiles } from './process-identity.ts'
import { exists, readEnd, readFolder, readText, writtenAtMs } from './read-folder.ts'
import { recoverSpool } from './recover-spool.ts'
import { withOutput } from './report-output.ts'
import { identityFor, startJob, type StartContext } from './start-job.ts'
import { storedSpec } from './stored-spec.ts'
import { superviseOrphan } from './supervise-orphan.ts'
import { FolderSync, syncPath, writeWhole } from './write-file.ts'

export interface JobsOptions extends Omit<StartContext, 'endedDir'> {
  /** Everything of this agent's jobs lies below; made when missing. */
  readonly spoolDir: string
  readonly kernel: KernelFiles
  readonly operations: InlineOperations
  /** An uploaded file that a job brought with it goes with the job. */
  readonly dropUpload: (uploadId: string) => void
  readonly log: Logger
  /** Looks after processes that told nothing, this often. Default 2 s. */
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
  readonly #claims: FolderSync
  readonly #watcher: FSWatcher
  readonly #sweep: NodeJS.Timeout
  readonly #closing = new AbortController()

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
    const { spoolDir, kernel, log, sweepMs = 2000 } = options
    this.#options = options
    this.#jobsDir = join(spoolDir, 'jobs')
    this.#endedDir = join(spoolDir, 'ended')
    for (const dir of [spoolDir, this.#jobsDir, this.#endedDir]) {
      mkdirSync(dir, { recursive: true, mode: 0o700 })
    }
    const bootId = readBootId(kernel)
    this.journal = new Journal({ file: join(spoolDir, 'journal'), bootId, log })
    this.#forgotten = new Forgotten({ file: join(spoolDir, 'forgotten') })
    this.#claims = new FolderSync(this.#jobsDir)
    this.#watcher = watch(this.#endedDir, { persistent: false }, (_event, name) => {
      const entry = name === null ? undefined : this.#entries.get(name)
      if (entry) this.#review(entry)
    })
    this.#watcher.on('error', (err) => {
      log.warn({ err }, 'watch on ended jobs lost, the sweep remains')
    })
    this.#sweep = setInterval(() => {
      this.#reviewAll()
    }, sweepMs).unref()
  }

  /** How many jobs are running. */
  get runningCount(): number {
    return [...this.#entries.values()].filter(({ life }) => life.kind !== 'ended').length
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

  /** Ends a job's whole tree: TERM, the grace, KILL. Answers at once; the end comes as an event. */
  async cancel(jobId: JobId, graceMs: number): Promise<JobReport> {
    const entry = this.#entries.get(jobId)
    await entry?.started
    if (entry?.life.kind === 'running') this.#end(entry, graceMs)
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
    if (report.state.kind === 'running') {
      throw new ErrandError('conflict', `job ${jobId} is running: cancel it first`)
    }
    this.#forgotten.add(jobId, report.state)
    this.#entries.delete(jobId)
    rmSync(entry.folder.dir, { recursive: true, force: true })
    removeJobCgroup(entry.spec.cgroup)
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
    options: { readonly offset: number; readonly follow: boolean; readonly signal: AbortSignal },
  ): AsyncGenerator<OutputPiece, void> {
    const entry = this.#entries.get(jobId)
    if (!entry) throw new ErrandError('not_found', `no job ${jobId} on this host`)
    await entry.started
    const finalBytes = () =>
      entry.life.kind === 'ended' ? entry.life.report[stream].keptBytes : undefined
    yield* readOutput({ file: entry.folder[stream], finalBytes, ended: entry.ended }, options)
  }

  /** Adds an ended job's output where it is small; reports of the journal come without. */
  async withOutput(report: JobReport): Promise<JobReport> {
    const entry = this.#entries.get(report.jobId)
    return entry ? await withOutput(report, entry.folder) : report
  }

  /** Stops watching. Jobs go on, and are found again by the next {@link Jobs.open}. */
  [Symbol.dispose](): void {
    this.#closing.abort()
    clearInterval(this.#sweep)
    this.#watcher.close()
    for (const entry of this.#entries.values()) entry.stop.abort()
    this.journal[Symbol.dispose]()
  }

  #forgottenReport(jobId: JobId): JobReport | undefined {
    const state = this.#forgotten.find(jobId)
    const none = { keptBytes: 0, droppedBytes: 0 }
    return state && { jobId, name: '', state, stdout: none, stderr: none, containment: 'none' }
  }

  /** From here on the id is taken, in memory at once and on disk before anything is started. */
  #claim(spec: JobSpec): void {
    const folder = jobFolder(this.#jobsDir, spec.jobId)
    const inline = isInline(spec, this.#options.privilege)
    const cgroup = inline ? '' : makeJobCgroup(this.#options.cgroups, spec.jobId)
    const kind = inline ? 'inline' : 'program'
    const entry = new JobEntry(folder, storedSpec(spec, { kind, cgroup, claimedAtMs: Date.now() }))
    this.#entries.set(spec.jobId, entry)
    entry.started = this.#start(entry, spec)
    entry.started.catch(() => undefined) // every submit and look of this id awaits it
  }

  async #start(entry: JobEntry, spec: JobSpec): Promise<void> {
    try {
      this.#layDown(entry)
      if (entry.spec.kind === 'inline') return await this.#startInline(entry, spec)
      await this.#claims.done()
      await this.#startProgram(entry, spec)
    } catch (cause) {
      // With a shim on its way the id stays taken: the sweep finds out.
      if (exists(entry.folder.shim)) throw asClaimError(cause, spec.jobId)
      this.#entries.delete(spec.jobId)
      rmSync(entry.folder.dir, { recursive: true, force: true })
      removeJobCgroup(entry.spec.cgroup)
      throw asClaimError(cause, spec.jobId)
    }
  }

  #layDown({ folder, spec }: JobEntry): void {
    mkdirSync(folder.dir, { mode: 0o700 })
    writeFileSync(folder.spec, JSON.stringify(spec), { mode: 0o600 })
    writeFileSync(folder.endDraft, ' '.repeat(64), { mode: 0o600 })
    for (const file of [folder.stdout, folder.stderr]) writeFileSync(file, '', { mode: 0o600 })
  }

  async #startProgram(entry: JobEntry, spec: JobSpec): Promise<void> {
    const identity = await identityFor(spec, this.#options.privilege)
    if ('kind' in identity) return this.#recordEnd(entry, identity)
    const context: StartContext = { ...this.#options, endedDir: this.#endedDir }
    const { work } = spec
    if (work.kind === 'operation' && !this.#options.operations.has(work.operation)) {
      return this.#recordEnd(entry, unknownOperation(work.operation))
    }
    const started = await startJob(entry, spec, { identity, context })
    if (started.kind === 'over') return this.#recordEnd(entry, started.end)
    if (started.kind === 'unknown') return this.#review(entry)
    this.#isRunning(entry, started.main)
    void started.gone.then(() => {
      this.#review(entry)
    })
  }

  async #startInline(entry: JobEntry, spec: JobSpec): Promise<void> {
    const { kernel, operations, privilege, locale } = this.#options
    const environment = jobEnvironment(privilege.own, spec.environment, locale)
    const main = claimInline(entry.folder, kernel)
    const startedAtMs = Date.now()
    entry.life = { kind: 'running', main, startedAtMs, isOrphan: false }
    const work = runInline(spec, { operations, folder: entry.folder, environment, signal: entry.stop.signal })
    const over = work.then((end) => {
      if (!this.#closing.signal.aborted) this.#recordEnd(entry, end)
    })
    // Most take a millisecond: then the answer to the submit has the end already.
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, inlinePatienceMs))])
  }

  #isRunning(entry: JobEntry, main: ProcessIdentity): void {
    if (entry.life.kind !== 'starting') return
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
    if (life.isOrphan) this.#adopt(entry)
    const grace = readText(folder.cancel)
    if (grace !== undefined) this.#end(entry, Number(grace))
  }

  #reviewAll(): void {
    for (const entry of this.#entries.values()) {
      if (entry.life.kind !== 'ended') this.#review(entry)
      else removeJobCgroup(entry.spec.cgroup)
    }
  }

  /** Looks at a job's folder and processes, and draws the conclusion. */
  #review(entry: JobEntry): void {
    const { life, folder, spec } = entry
    if (life.kind === 'ended' || spec.kind === 'inline') return
    const state = readFolder(folder, this.#options.kernel)
    if (state.kind === 'ended') {
      this.#recordEnd(entry, state.end, { isRecorded: state.isRecorded })
    } else if (state.kind === 'running') {
      this.#isRunning(entry, state.main)
      if (state.isOrphan && life.kind === 'running' && !life.isOrphan) {
        entry.life = { ...life, isOrphan: true }
        this.#adopt(entry)
      }
    }
  }

  #adopt(entry: JobEntry): void {
    const { log, kernel } = this.#options
    log.warn({ jobId: entry.folder.jobId }, 'shim gone, the agent stands in for it')
    const { signal } = this.#closing
    void superviseOrphan(entry, { kernel, signal }).then(
      (end) => {
        if (entry.life.kind !== 'ended') this.#recordEnd(entry, end)
      },
      (err: unknown) => {
        if (!signal.aborted) log.error({ err, jobId: entry.folder.jobId }, 'orphan not supervised')
      },
    )
  }

  #end(entry: JobEntry, graceMs: number): void {
    if (entry.spec.kind === 'inline') {
      entry.stop.abort(new ErrandError('cancelled', 'the job was cancelled'))
      return
    }
    if (entry.isBeingEnded || exists(entry.folder.timedOut)) return
    entry.isBeingEnded = true
    const { kernel, log } = this.#options
    const { signal } = this.#closing
    writeWhole(entry.folder.cancel, String(graceMs))
    void endTree(entry.tree(kernel), { kernel, graceMs, signal }).then(
      () => {
        this.#review(entry)
      },
      (err: unknown) => {
        if (!signal.aborted) log.error({ err, jobId: entry.folder.jobId }, 'job not cancelled')
      },
    )
  }

  /** The one place where a job comes to its end. */
  #recordEnd(entry: JobEntry, end: EndRecord, { isRecorded = false } = {}): void {
    if (entry.life.kind === 'ended') return
    const { folder, spec } = entry
    if (!isRecorded && !readEnd(folder)) this.#writeEnd(entry, end)
    const startedAtMs =
      writtenAtMs(folder.process) ?? writtenAtMs(folder.shim) ?? spec.claimedAtMs
    const endedAtMs = writtenAtMs(folder.end) ?? Date.now()
    const usage = readUsage(spec.cgroup)
    const report: JobReport = {
      jobId: spec.jobId,
      name: spec.name,
      state: stateOfEnd(end, { startedAtMs, endedAtMs }),
      ...entry.counts(),
      containment: spec.kind === 'inline' ? 'none' : containmentOf(entry.tree(this.#options.kernel)),
      ...(end.kind === 'skipped' ? { skippedBecause: end.because } : {}),
      ...(usage ? { usage } : {}),
    }
    const { seq } = this.journal.append(report)
    entry.end(report, seq)
    this.#tidy(entry, report)
  }

  #writeEnd({ folder }: JobEntry, end: EndRecord): void {
    try {
      writeWhole(folder.end, endText(end))
    } catch (err) {
      this.#options.log.warn({ err, jobId: folder.jobId }, 'end of job not written')
    }
  }

  #tidy({ folder, spec }: JobEntry, report: JobReport): void {
    const { log, dropUpload } = this.#options
    try {
      writeWhole(folder.final, JSON.stringify(report))
      for (const file of [join(this.#endedDir, folder.jobId), folder.stdin]) unlinkIfThere(file)
      if (spec.uploadId !== '') dropUpload(spec.uploadId)
      removeJobCgroup(spec.cgroup)
    } catch (err) {
      log.warn({ err, jobId: folder.jobId }, 'ended job not tidied')
    }
    const files = [folder.stdout, folder.stderr, folder.end, folder.dir]
    if (spec.kind !== 'inline') void Promise.allSettled(files.map(syncPath))
    log.info({ jobId: folder.jobId, state: report.state.kind }, 'job ended')
  }

  #reportOf(entry: JobEntry): JobReport {
    if (entry.life.kind === 'running' && entry.spec.kind === 'program') this.#testLiveness(entry)
    const { life, spec } = entry
    if (life.kind === 'ended') return life.report
    if (life.kind === 'starting') {
      throw new ErrandError('unreachable', `job ${spec.jobId} is just being started`)
    }
    return {
      jobId: spec.jobId,
      name: spec.name,
      state: { kind: 'running', process: life.main, startedAtMs: life.startedAtMs },
      ...entry.counts(),
      containment:
        spec.kind === 'inline' ? 'none' : containmentOf({ jobId: '', session: 0, cgroup: spec.cgroup }),
    }
  }

  /** `running` is only said of what was seen alive just now. */
  #testLiveness(entry: JobEntry): void {
    if (entry.life.kind !== 'running') return
    if (!isAlive(this.#options.kernel, entry.life.main)) this.#review(entry)
  }
}

/** How long the answer to a submit waits for an operation inside the agent. */
const inlinePatienceMs = 50

function asClaimError(cause: unknown, jobId: JobId): ErrandError {
  if (cause instanceof ErrandError) return cause
  const { code } = cause as NodeJS.ErrnoException
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EMFILE' || code === 'EAGAIN'
  const message = `job ${jobId} could not be started, its folder cannot be written: ${sentenceOf(cause)}`
  return new ErrandError(isFull ? 'exhausted' : 'internal', message, { cause })
}

function unlinkIfThere(file: string): void {
  try {
    unlinkSync(file)
  } catch {
    // It was not.
  }
}
