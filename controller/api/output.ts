import type { JobFilter, JobOffset, OutputPiece } from '../../proto/control.ts'
import { sentenceOf } from '../../proto/errors.ts'
import { isFinal, type JobId, type OutputStream } from '../../proto/job.ts'
import { limits } from '../../proto/limits.ts'
import type { RunId } from '../../proto/run.ts'
import type { JobRow, Store } from '../store/store.ts'
import type { FleetPort, OutputBytes } from './fleet-port.ts'
import type { JobChooser } from './job-chooser.ts'
import { merge, Merged } from './merge.ts'

export interface OutputRequest {
  readonly filter: JobFilter
  readonly streams: readonly OutputStream[]
  readonly follow: boolean
  /** Where to begin in jobs that `read` does not name. */
  readonly offsets: Readonly<Record<OutputStream, number>>
  readonly read: readonly JobOffset[]
  /** Begin with the last lines in jobs that `read` does not name. */
  readonly tailLines?: number
  /** With `follow`: also the jobs that begin later. */
  readonly withNew: boolean
}

export interface OutputOptions {
  readonly store: Store
  readonly fleet: FleetPort
  readonly chooser: JobChooser
  /** Resolves when a run has ended. */
  readonly runEnd: (runId: RunId, signal: AbortSignal) => Promise<void>
}

/** Reads the output of jobs: from the record when it has it whole, else from the agents. */
export class OutputService {
  readonly #options: OutputOptions

  constructor(options: OutputOptions) {
    this.#options = options
  }

  /**
   * Each stream of each chosen job in order, at the end of a job a piece that says so. Followed jobs come all at once,
   * others one after the other, oldest first.
   */
  async *watch(request: OutputRequest, signal: AbortSignal): AsyncGenerator<OutputPiece, void> {
    const reading = new Reading(request, this.#options, signal)
    if (request.follow && request.withNew) return yield* this.#withNew(request, reading, signal)
    const jobs = await this.#choose(request, signal)
    if (request.follow) yield* merge(jobs.map((job) => reading.ofJob(job.jobId)))
    else for (const { jobId } of jobs) yield* reading.ofJob(jobId)
  }

  async *#withNew(
    request: OutputRequest,
    reading: Reading,
    signal: AbortSignal,
  ): AsyncGenerator<OutputPiece, void> {
    const { chooser, fleet, store, runEnd } = this.#options
    const query = await chooser.query(request.filter, { scope: 'output', signal })
    const merged = new Merged<OutputPiece>()
    const begun = new Set<JobId>()
    const begin = (jobId: JobId, source: () => AsyncIterable<OutputPiece>) => {
      if (begun.has(jobId)) return
      begun.add(jobId)
      merged.add(source())
    }
    async function* ofNew(jobId: JobId): AsyncGenerator<OutputPiece, void> {
      const chosen = await store.jobs.list({ ...query, jobIds: [jobId] })
      if (chosen.length > 0) yield* reading.ofJob(jobId)
    }
    const leave = fleet.onNewJob((jobId) => begin(jobId, () => ofNew(jobId)))
    try {
      for (const { jobId } of await this.#choose(request, signal)) {
        begin(jobId, () => reading.ofJob(jobId))
      }
      const { runId } = query
      if (runId !== undefined) void closeAfter(runEnd(runId, signal), merged)
      yield* merged.values()
    } finally {
      leave()
    }
  }

  async #choose({ filter }: OutputRequest, signal: AbortSignal): Promise<readonly JobRow[]> {
    const jobs = await this.#options.chooser.choose(filter, { scope: 'output', signal })
    return jobs.toReversed()
  }
}

async function closeAfter(end: Promise<void>, merged: Merged<OutputPiece>): Promise<void> {
  await end.catch(() => {}) // Who asked has gone, and so have the sources.
  merged.close()
}

/** Reads one job after the other as a request says. */
class Reading {
  readonly #request: OutputRequest
  readonly #options: OutputOptions
  readonly #signal: AbortSignal
  readonly #read: ReadonlyMap<JobId, JobOffset>

  constructor(request: OutputRequest, options: OutputOptions, signal: AbortSignal) {
    this.#request = request
    this.#options = options
    this.#signal = signal
    this.#read = new Map(request.read.map((offset) => [offset.jobId, offset]))
  }

  async *ofJob(jobId: JobId): AsyncGenerator<OutputPiece, void> {
    if (this.#read.get(jobId)?.isComplete) return
    const job = await this.#options.store.jobs.find(jobId)
    if (!job) return
    try {
      const streams = this.#request.streams.map((stream) => this.#ofStream(job, stream))
      if (this.#request.follow) yield* merge(streams)
      else for (const stream of streams) yield* stream
      yield* await this.#dropped(job)
      yield { ...emptyPiece(job), isEnd: true }
    } catch (error) {
      this.#signal.throwIfAborted()
      yield { ...emptyPiece(job), error: sentenceOf(error), isEnd: true }
    }
  }

  async *#ofStream(job: JobRow, stream: OutputStream): AsyncGenerator<OutputPiece, void> {
    const { follow, offsets, tailLines } = this.#request
    const read = this.#read.get(job.jobId)
    const where = read
      ? { stream, offset: read[stream] }
      : { stream, offset: offsets[stream], tailLines }
    const pieces =
      recorded(job, where) ??
      this.#options.fleet.followOutput(job.jobId, { ...where, follow, signal: this.#signal })
    for await (const piece of pieces) yield { ...emptyPiece(job), ...piece, stream }
  }

  async #dropped(job: JobRow): Promise<readonly OutputPiece[]> {
    const report = (await this.#options.store.jobs.find(job.jobId))?.report
    if (!report || !isFinal(report.state)) return []
    return this.#request.streams
      .filter((stream) => report[stream].droppedBytes > 0)
      .map((stream) => ({
        ...emptyPiece(job),
        stream,
        offset: report[stream].keptBytes,
        droppedBytes: report[stream].droppedBytes,
      }))
  }
}

function emptyPiece({ jobId, host }: JobRow): OutputPiece {
  const data = new Uint8Array()
  return { jobId, host, stream: 'stdout', offset: 0, data, droppedBytes: 0, isEnd: false }
}

/** Where to begin. */
interface Where {
  readonly stream: OutputStream
  readonly offset: number
  readonly tailLines?: number | undefined
}

/** The pieces when the record has the whole output of an ended job. */
function recorded(
  job: JobRow,
  { stream, offset, tailLines }: Where,
): readonly OutputBytes[] | undefined {
  const whole = job.report?.inlineOutput?.[stream]
  if (!whole) return undefined
  const from = tailLines === undefined ? offset : Math.max(offset, lastLines(whole, tailLines))
  const pieces: OutputBytes[] = []
  for (let at = from; at < whole.length; at += limits.chunkBytes) {
    pieces.push({ offset: at, data: whole.subarray(at, at + limits.chunkBytes) })
  }
  return pieces
}

/** Where the last lines begin; what comes after the last line end is a line too. */
function lastLines(whole: Uint8Array, lines: number): number {
  let begin = whole.length
  // The line end before `begin - 1` is that of the line before; the last byte may be one itself.
  for (let left = lines; left > 0 && begin > 0; left -= 1) {
    begin = begin === 1 ? 0 : whole.lastIndexOf(10, begin - 2) + 1
  }
  return begin
}
