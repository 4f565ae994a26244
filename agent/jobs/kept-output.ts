/** What of a job's output is kept: the beginning of each stream. What goes past is dropped and counted, and the job goes on. */
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import type { JobId, JobReport, OutputCount, OutputStream } from '../../proto/job.ts'
import { limits } from '../../proto/limits.ts'
import type { JobFolder } from './job-folder.ts'

type Bytes = Record<OutputStream, number>

/** The text of the `dropped` file: bytes dropped by stream, and where a stream was cut off before its quota. */
interface Dropped extends Readonly<Bytes> {
  readonly limits: Readonly<Partial<Bytes>>
}

/** What a stream got since the last {@link KeptOutput.settle}, as far as it may still be taken back. */
export interface Growth {
  readonly output: KeptOutput
  readonly stream: OutputStream
  /** Bytes kept of the stream. */
  readonly size: number
  readonly bytes: number
}

const streams = ['stdout', 'stderr'] as const

/** Small outputs are results: they are kept whatever other jobs have written. */
const alwaysKeptBytes = limits.inlineOutputBytes

/** The output of one job; programs append to the files, so that they go on at a cut. */
export class KeptOutput {
  readonly #folder: JobFolder
  readonly #limits: Bytes
  readonly #dropped: Bytes
  readonly #sizes: Bytes
  readonly #settled: Bytes
  readonly #given: Bytes = { stdout: 0, stderr: 0 }
  #isWritten = true

  /** @param quotaBytes Bytes of each stream that are kept. */
  constructor(folder: JobFolder, quotaBytes: number) {
    const { stdout, stderr, limits: lower } = readDropped(folder)
    this.#folder = folder
    this.#dropped = { stdout, stderr }
    this.#limits = { stdout: quotaBytes, stderr: quotaBytes, ...lower }
    this.#sizes = { stdout: sizeOf(folder.stdout), stderr: sizeOf(folder.stderr) }
    this.#settled = { ...this.#sizes }
  }

  get jobId(): JobId {
    return this.#folder.jobId
  }

  /** Where a stream is cut off. It may become lower, never lower than what was {@link given}. */
  limit(stream: OutputStream): number {
    return this.#limits[stream]
  }

  /** Somebody was given the bytes up to here: they stay. */
  given(stream: OutputStream, upTo: number): void {
    this.#given[stream] = Math.max(this.#given[stream], upTo)
  }

  /** What of a stream is kept, and what is not, at this moment. */
  count(stream: OutputStream): OutputCount {
    const bytes = sizeOf(this.#folder[stream])
    const keptBytes = Math.min(bytes, this.#limits[stream])
    return { keptBytes, droppedBytes: this.#dropped[stream] + bytes - keptBytes }
  }

  /** Cuts off what is past the limits. */
  cut(): void {
    for (const stream of streams) {
      const size = sizeOf(this.#folder[stream])
      const excess = Math.max(0, size - this.#limits[stream])
      this.#sizes[stream] = size - excess
      if (excess === 0) continue
      truncateSync(this.#folder[stream], this.#limits[stream])
      this.#dropped[stream] += excess
      this.#isWritten = false
    }
    if (!this.#isWritten) this.#write()
  }

  /** Bytes kept of both streams, as of the last cut. */
  get bytes(): number {
    return this.#sizes.stdout + this.#sizes.stderr
  }

  /** Of those, bytes that came since {@link settle}. */
  get newBytes(): number {
    return this.bytes - this.#settled.stdout - this.#settled.stderr
  }

  /** What of the last cut's bytes came since {@link settle}, and nobody was given. */
  grown(): readonly Growth[] {
    return streams.flatMap((stream) => {
      const size = this.#sizes[stream]
      const floor = Math.max(this.#settled[stream], this.#given[stream], alwaysKeptBytes)
      return size > floor ? [{ output: this, stream, size, bytes: size - floor }] : []
    })
  }

  /** What was kept up to the last cut stays. */
  settle(): void {
    Object.assign(this.#settled, this.#sizes)
  }

  /** From here on nothing more of a stream is kept, so that what is kept has no hole. */
  endAt(stream: OutputStream, bytes: number): void {
    this.#limits[stream] = Math.max(bytes, this.#given[stream])
    this.cut()
  }

  /** The job has ended: what processes that it left behind write now is no output of it. */
  end({ stdout, stderr }: Pick<JobReport, OutputStream>): void {
    Object.assign(this.#limits, { stdout: stdout.keptBytes, stderr: stderr.keptBytes })
  }

  #write(): void {
    const dropped: Dropped = { ...this.#dropped, limits: this.#limits }
    writeFileSync(this.#folder.dropped, JSON.stringify(dropped), { mode: 0o600 })
    this.#isWritten = true
  }
}

function readDropped(folder: JobFolder): Dropped {
  try {
    const {
      stdout,
      stderr,
      limits: lower,
    } = JSON.parse(readFileSync(folder.dropped, 'utf8')) as Dropped
    if (Number.isSafeInteger(stdout + stderr)) return { stdout, stderr, limits: lower ?? {} }
  } catch {
    // Nothing was dropped yet, or nobody can say any more how much it was.
  }
  return { stdout: 0, stderr: 0, limits: {} }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}
