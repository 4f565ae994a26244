/**
 * Keeps the output of all jobs together within bounds. Programs write straight to their files, so that it is looked at
 * now and then: what came since the last look is taken back where it was too much, beginning with the longest.
 */
import { statfsSync } from 'node:fs'
import type { Logger } from 'pino'
import type { JobEntry } from './job-entry.ts'
import type { Growth } from './kept-output.ts'

export interface OutputRoomOptions {
  readonly spoolDir: string
  /** Bytes of output that all jobs together keep. */
  readonly totalQuotaBytes: number
  /** Bytes of the disk that output leaves free, but never more than a tenth of it. */
  readonly reserveBytes: number
  /** Lets ended jobs go that hold as many bytes; returns how many went. */
  readonly makeRoom: (bytes: number) => number
  readonly log: Logger
}

/** What a disk has, in bytes. */
export interface DiskSpace {
  readonly freeBytes: number
  readonly totalBytes: number
}

/** Room for output: what ended jobs hold goes first, then what running jobs wrote last. */
export class OutputRoom {
  readonly #options: OutputRoomOptions
  #bytes = 0

  constructor(options: OutputRoomOptions) {
    this.#options = options
  }

  /** Looks at all jobs; each has been cut to its own quota just before. */
  look(entries: Iterable<JobEntry>): void {
    const all = [...entries]
    this.#bytes = all.reduce((sum, { output }) => sum + output.bytes, 0)
    const open = all.filter(({ isOver }) => !isOver)
    this.#cut(open.flatMap(({ output }) => output.grown()))
    for (const { output } of open) output.settle()
  }

  /** Looks at one job that is about to end. */
  lookAt({ output }: JobEntry): void {
    this.#bytes += output.newBytes
    this.#cut(output.grown())
    output.settle()
  }

  #cut(grown: readonly Growth[]): void {
    const { makeRoom, log } = this.#options
    if (grown.length === 0) return
    try {
      const excess = this.#excess()
      if (excess <= 0) return
      let left = excess - makeRoom(excess)
      for (const { output, stream, size, bytes } of grown.toSorted((a, b) => b.size - a.size)) {
        if (left <= 0) break
        const taken = Math.min(left, bytes)
        output.endAt(stream, size - taken)
        left -= taken
        const { jobId } = output
        log.warn({ jobId, stream, keptBytes: output.limit(stream) }, 'no room for more output')
      }
    } catch (err) {
      log.warn({ err }, 'output not kept within bounds')
    }
  }

  #excess(): number {
    const { totalQuotaBytes, reserveBytes, spoolDir } = this.#options
    const lacking = missingReserve(spaceOf(spoolDir), reserveBytes)
    return Math.max(this.#bytes - totalQuotaBytes, lacking)
  }
}

/** Bytes that have to go so that the reserve is free again; 0 where the file system tells no size. */
export function missingReserve({ freeBytes, totalBytes }: DiskSpace, reserveBytes: number): number {
  return Math.max(0, Math.min(reserveBytes, Math.floor(totalBytes / 10)) - freeBytes)
}

function spaceOf(dir: string): DiskSpace {
  const { bsize, bavail, blocks } = statfsSync(dir)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}
