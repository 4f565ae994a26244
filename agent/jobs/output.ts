/** Bytes of a job's output from an offset, to the end of the job when asked. */
import { watch, type FSWatcher } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { ErrandError } from '../../proto/errors.ts'
import { limits } from '../../proto/limits.ts'
import { tailOffset } from './tail-offset.ts'

/** A piece of output and where it begins. */
export interface OutputPiece {
  readonly offset: number
  /** Holds until the next piece is asked for. */
  readonly data: Buffer
}

export interface OutputSource {
  readonly file: string
  /** Bytes that count, once the job has ended; undefined while it runs. */
  readonly finalBytes: () => number | undefined
  /** What is past it is about to be cut off. */
  readonly limit: () => number
  /** Told before a piece is handed out that ends here: it must not be cut off any more. */
  readonly given: (upTo: number) => void
  /** Resolves when the job has ended. */
  readonly ended: Promise<void>
}

export interface ReadOutputOptions {
  readonly offset: number
  /** Go on until the job has ended and all is read. */
  readonly follow: boolean
  /** Begin with the last lines, but not before the offset; an empty piece then says where that is. */
  readonly tailLines?: number | undefined
  /** Looks at the size this often in case the file system tells nothing. Default 250 ms. */
  readonly pollMs?: number
  readonly signal: AbortSignal
}

/** Yields pieces in order, without gaps, one in memory at a time. */
export async function* readOutput(
  source: OutputSource,
  options: ReadOutputOptions,
): AsyncGenerator<OutputPiece, void> {
  const { follow, pollMs = 250, signal } = options
  let file: FileHandle
  try {
    file = await open(source.file, 'r')
  } catch (cause) {
    throw new ErrandError('not_found', 'the output of this job is gone from the host', { cause })
  }
  const changes = new Changes(source, pollMs)
  const buffer = Buffer.allocUnsafe(limits.chunkBytes)
  let { offset } = options
  try {
    if (options.tailLines !== undefined) {
      const { size } = await file.stat()
      const end = Math.min(size, source.finalBytes() ?? source.limit())
      offset = Math.max(offset, await tailOffset(file, end, options.tailLines))
      yield { offset, data: Buffer.alloc(0) }
    }
    for (;;) {
      signal.throwIfAborted()
      const final = source.finalBytes() // before the read: what is written later comes with the next round
      const change = changes.next()
      const end = final ?? source.limit()
      const { bytesRead } = await file.read(buffer, 0, atMost(buffer.length, end - offset), offset)
      // A cut while it was being read counts.
      const data = buffer.subarray(0, atMost(bytesRead, (final ?? source.limit()) - offset))
      if (data.length > 0) {
        source.given(offset + data.length)
        yield { offset, data }
        offset += data.length
        continue
      }
      if (!follow || final !== undefined) return
      await change.orAbort(signal)
    }
  } finally {
    changes.close()
    await file.close()
  }
}

function atMost(bytes: number, left: number): number {
  return Math.max(0, Math.min(bytes, left))
}

/** Something may have been written, or the job may have ended. */
class Changes {
  readonly #watcher: FSWatcher | undefined
  readonly #pollMs: number
  #wake: () => void = () => undefined
  #isClosed = false

  constructor({ file, ended }: OutputSource, pollMs: number) {
    this.#pollMs = pollMs
    this.#watcher = watchFile(file, () => {
      this.#wake()
    })
    void this.#wakeAfter(ended)
  }

  async #wakeAfter(ended: Promise<void>): Promise<void> {
    await ended
    this.#wake()
  }

  /** Armed now: a change between this call and the wait is not missed. */
  next(): { readonly orAbort: (signal: AbortSignal) => Promise<void> } {
    let isWoken = this.#isClosed
    let wake: () => void = () => undefined
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    this.#wake = () => {
      isWoken = true
      wake()
    }
    const orAbort = async (signal: AbortSignal) => {
      if (isWoken || signal.aborted) return
      const timer = setTimeout(wake, this.#pollMs)
      signal.addEventListener('abort', wake)
      await woken
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
    }
    return { orAbort }
  }

  close(): void {
    this.#isClosed = true
    this.#wake()
    this.#wake = () => undefined
    this.#watcher?.close()
  }
}

function watchFile(file: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(file, { persistent: false }, onChange)
    watcher.on('error', () => undefined) // polling remains
    return watcher
  } catch {
    return undefined // out of inotify watches: polling remains
  }
}
