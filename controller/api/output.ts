import type { JobFilter, OutputPiece } from '../../proto/control.ts'
import { sentenceOf } from '../../proto/errors.ts'
import { isFinal, type OutputStream } from '../../proto/job.ts'
import { limits } from '../../proto/limits.ts'
import type { JobRow, Store } from '../store/store.ts'
import type { FleetPort, OutputBytes } from './fleet-port.ts'
import type { JobsService } from './jobs.ts'
import { merge } from './merge.ts'

export interface OutputRequest {
  readonly filter: JobFilter
  readonly streams: readonly OutputStream[]
  readonly follow: boolean
  readonly offsets: Readonly<Record<OutputStream, number>>
}

export interface OutputOptions {
  readonly store: Store
  readonly fleet: FleetPort
  readonly jobs: JobsService
}

/** Reads the output of jobs: from the record when it has it whole, else from the agents. */
export class OutputService {
  readonly #options: OutputOptions

  constructor(options: OutputOptions) {
    this.#options = options
  }

  /** All chosen jobs at once, each stream in order; at the end of a job a piece that says what was dropped. */
  async *watch(request: OutputRequest, signal: AbortSignal): AsyncGenerator<OutputPiece, void> {
    const jobs = await this.#options.jobs.choose(request.filter)
    yield* merge(jobs.map((job) => this.#ofJob(job, request, signal)))
  }

  async *#ofJob(
    job: JobRow,
    request: OutputRequest,
    signal: AbortSignal,
  ): AsyncGenerator<OutputPiece, void> {
    try {
      yield* merge(
        request.streams.map((stream) => this.#ofStream(job, stream, { request, signal })),
      )
      yield* await this.#dropped(job)
    } catch (error) {
      signal.throwIfAborted()
      yield { ...emptyPiece(job), error: sentenceOf(error) }
    }
  }

  async *#ofStream(
    job: JobRow,
    stream: OutputStream,
    { request, signal }: { readonly request: OutputRequest; readonly signal: AbortSignal },
  ): AsyncGenerator<OutputPiece, void> {
    const offset = request.offsets[stream]
    const options = { stream, offset, follow: request.follow, signal }
    const pieces =
      recorded(job, stream, offset) ?? this.#options.fleet.followOutput(job.jobId, options)
    for await (const piece of pieces) yield { ...emptyPiece(job), ...piece, stream }
  }

  async #dropped(job: JobRow): Promise<readonly OutputPiece[]> {
    const report = (await this.#options.store.jobs.find(job.jobId))?.report
    if (!report || !isFinal(report.state)) return []
    return (['stdout', 'stderr'] as const)
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
  return { jobId, host, stream: 'stdout', offset: 0, data: new Uint8Array(), droppedBytes: 0 }
}

/** The pieces from `offset` on when the record has the whole output of an ended job. */
function recorded(
  job: JobRow,
  stream: OutputStream,
  offset: number,
): readonly OutputBytes[] | undefined {
  const whole = job.report?.inlineOutput?.[stream]
  if (!whole) return undefined
  const pieces: OutputBytes[] = []
  for (let at = offset; at < whole.length; at += limits.chunkBytes) {
    pieces.push({ offset: at, data: whole.subarray(at, at + limits.chunkBytes) })
  }
  return pieces
}
