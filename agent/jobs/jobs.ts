/** What controllers ask of the jobs of this host: to start, show, follow, cancel and forget them. */
import type { Logger } from 'pino'
import { ErrandError } from '../../proto/errors.ts'
import {
  isFinal,
  type JobId,
  type JobProgress,
  type JobReport,
  type JobSpec,
  type OutputStream,
  type ProgressStyle,
} from '../../proto/job.ts'
import { usageOf } from './job-report.ts'
import type { Journal } from './journal.ts'
import {
  readOutput,
  type OutputPiece,
  type OutputSource,
  type ReadOutputOptions,
} from './output.ts'
import { ProgressReader } from './progress.ts'
import { withOutput } from './report-output.ts'
import { SpoolKeeper, type SpoolKeeperOptions } from './spool-keeper.ts'

export type JobsOptions = SpoolKeeperOptions

/** One agent's jobs. Opened once per spool; closing stops no job. */
export class Jobs implements Disposable {
  readonly #keeper: SpoolKeeper
  readonly #log: Logger
  readonly #progress = new ProgressReader()

  /** Takes up again the jobs of the spool that are alive. */
  static async open(options: JobsOptions): Promise<Jobs> {
    return new Jobs(await SpoolKeeper.open(options), options.log)
  }

  private constructor(keeper: SpoolKeeper, log: Logger) {
    this.#keeper = keeper
    this.#log = log
  }

  get journal(): Journal {
    return this.#keeper.journal
  }

  /** How many jobs are running. */
  get runningCount(): number {
    return [...this.#keeper.entries.values()].filter(({ isOver }) => !isOver).length
  }

  /**
   * Starts a job, unless this id was ever seen here: then it only says how that one is.
   *
   * @throws {ErrandError} `exhausted` when the spool cannot be written: nothing was started then.
   */
  async submit(spec: JobSpec): Promise<JobReport> {
    if (!this.#keeper.find(spec.jobId)) {
      const forgotten = this.#keeper.past.find(spec.jobId)
      if (forgotten) return forgotten
      this.#keeper.claim(spec)
    }
    return await this.look(spec.jobId)
  }

  /**
   * How a job is, looked at now.
   *
   * @throws {ErrandError} `not_found` for one that was never started here.
   */
  async look(jobId: JobId): Promise<JobReport> {
    const entry = this.#keeper.find(jobId)
    if (entry) {
      await entry.started
      await this.#keeper.reviews.settle(entry)
      const report = this.#keeper.reportOf(entry)
      const usage = isFinal(report.state) ? {} : usageOf(entry)
      return await withOutput({ ...report, ...usage }, entry.folder)
    }
    const forgotten = this.#keeper.past.find(jobId)
    if (forgotten) return forgotten
    throw unknownJob(jobId)
  }

  /**
   * How a job is, looked at now; one that was never started here never will be.
   *
   * @throws {ErrandError} `not_found` for such a one, when its id is remembered.
   */
  async callOff(jobId: JobId): Promise<JobReport> {
    if (this.#keeper.find(jobId) || this.#keeper.past.find(jobId)) return await this.look(jobId)
    this.#keeper.past.callOff(jobId)
    this.#log.info({ jobId }, 'job called off before it came')
    throw unknownJob(jobId)
  }

  /**
   * Ends a job's whole tree: TERM, the grace, KILL. Answers at once; the end comes as an event.
   *
   * @throws {ErrandError} `denied` when this agent has no right to.
   */
  async cancel(jobId: JobId, graceMs: number): Promise<JobReport> {
    const entry = this.#keeper.entries.get(jobId)
    await entry?.started
    while (entry?.life.kind === 'queued' && entry.life.isStarting) await entry.started
    if (entry?.life.kind === 'queued') this.#keeper.ends.record(entry, { kind: 'cancelled' })
    if (entry?.life.kind === 'running') {
      await this.#keeper.ender.check(entry)
      this.#keeper.ender.cancel(entry, graceMs)
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
    const entry = this.#keeper.entries.get(jobId)
    if (!entry) return report
    if (!isFinal(report.state)) {
      throw new ErrandError('conflict', `job ${jobId} is running: cancel it first`)
    }
    this.#keeper.past.drop(this.#keeper.entries, entry, report.state)
    return report
  }

  /** Uploaded files that jobs need which have not ended. */
  uploadsInUse(): ReadonlySet<string> {
    const open = [...this.#keeper.entries.values()].filter(({ isOver }) => !isOver)
    return new Set(open.map(({ spec }) => spec.uploadId))
  }

  /** All jobs that have a folder which can be read, oldest first. */
  list(): readonly JobReport[] {
    const known = [...this.#keeper.entries.values()].filter(({ life }) => life.kind !== 'starting')
    known.sort((a, b) => (a.folder.jobId < b.folder.jobId ? -1 : 1))
    for (const entry of known) this.#keeper.reviews.testLiveness(entry)
    const readable = known.filter((entry) => entry.isOver || entry.unreadable === undefined)
    return readable.map((entry) => this.#keeper.reportOf(entry))
  }

  /** Bytes of one of a job's streams; see {@link readOutput}. */
  async *readOutput(
    jobId: JobId,
    stream: OutputStream,
    options: Omit<ReadOutputOptions, 'pollMs'>,
  ): AsyncGenerator<OutputPiece, void> {
    const entry = this.#keeper.find(jobId)
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
    const entry = this.#keeper.entries.get(jobId)
    return entry && (await this.#progress.read(entry, style))
  }

  /**
   * A controller came that has stored events up to `lastSeq`. When it knows events that this journal has lost, the
   * journal begins anew and every job is told again; the controller takes each end once, by its job's id.
   */
  meet(lastSeq: number): void {
    if (!this.journal.hasLost(lastSeq)) return
    this.#log.warn({ lastSeq }, 'journal has lost events, every job is told again')
    this.#keeper.tellAgain()
  }

  /** Adds an ended job's output where it is small; reports of the journal come without. */
  async withOutput(report: JobReport): Promise<JobReport> {
    const entry = this.#keeper.entries.get(report.jobId)
    return entry ? await withOutput(report, entry.folder) : report
  }

  /** Stops watching. Jobs go on, and are found again by the next {@link Jobs.open}. */
  [Symbol.dispose](): void {
    this.#keeper[Symbol.dispose]()
  }
}

function unknownJob(jobId: JobId): ErrandError {
  return new ErrandError('not_found', `no job ${jobId} on this host`)
}
