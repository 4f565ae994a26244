import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import type { ReadStream } from 'node:tty'
import { untilAborted } from '../../proto/call.ts'

type Input = NodeJS.ReadableStream &
  Partial<Pick<ReadStream, 'isTTY'>> & { readonly setRawMode?: (isRaw: boolean) => unknown }

/** The lines of the user's input, read when the first is asked for; the caller closes it. */
export class InputLines implements Disposable {
  readonly #input: Input
  #reader: Interface | undefined
  #lines: AsyncIterator<string> | undefined
  /** A line that was asked for by who then waited no longer: it is the next one's. */
  #coming: Promise<IteratorResult<string>> | undefined
  #isHiding = false

  constructor(input: Input) {
    this.#input = input
  }

  /**
   * The next line; undefined at the end of the input. Rejects with the abort's reason.
   *
   * @param options `isHidden`: a terminal does not show it while it is typed.
   */
  async next(
    signal: AbortSignal,
    { isHidden = false }: { readonly isHidden?: boolean } = {},
  ): Promise<string | undefined> {
    if (isHidden !== this.#isHiding) this.#close()
    this.#isHiding = isHidden
    this.#reader ??= this.#open()
    this.#lines ??= this.#reader[Symbol.asyncIterator]()
    this.#coming ??= this.#lines.next()
    const { value, done } = await untilAborted(this.#coming, signal)
    this.#coming = undefined
    return done === true ? undefined : value
  }

  /** Single keys can be read: it is a terminal. */
  get hasKeys(): boolean {
    return this.#input.isTTY === true
  }

  /**
   * The next of these keys that is pressed, in small letters; others are passed over, and Ctrl-C is what it always is. Only at
   * a terminal. Rejects with the abort's reason.
   */
  async key(wanted: readonly string[], signal: AbortSignal): Promise<string> {
    this.#close()
    const input = this.#input
    const { promise, resolve } = Promise.withResolvers<string>()
    const take = (typed: Buffer | string) => {
      for (const key of typed.toString().toLowerCase()) {
        if (key === '\u0003') process.kill(process.pid, 'SIGINT')
        if (wanted.includes(key)) resolve(key)
      }
    }
    input.setRawMode?.(true)
    input.on('data', take).resume()
    try {
      return await untilAborted(promise, signal)
    } finally {
      input.off('data', take).pause()
      input.setRawMode?.(false)
    }
  }

  [Symbol.dispose](): void {
    this.#reader?.close()
  }

  #open(): Interface {
    const input = this.#input
    if (!this.#isHiding || input.isTTY !== true) return createInterface({ input })
    const output = new Writable({ write: (_data, _encoding, done) => done() })
    const reader = createInterface({ input, output, terminal: true })
    // The terminal hands the key over now, instead of the signal.
    reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    return reader
  }

  /** Only a terminal is read in two ways: what others have in store stays. */
  #close(): void {
    if (this.#input.isTTY !== true) return
    this.#reader?.close()
    this.#reader = undefined
    this.#lines = undefined
    this.#coming = undefined
  }
}
