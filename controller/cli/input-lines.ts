import { createInterface, type Interface } from 'node:readline'
import type { Readable } from 'node:stream'
import { untilAborted } from '../../proto/call.ts'

/** The lines of the user's input, read when the first is asked for; the caller closes it. */
export class InputLines implements Disposable {
  readonly #input: Readable
  #reader: Interface | undefined
  #lines: AsyncIterator<string> | undefined
  /** A line that was asked for by who then waited no longer: it is the next one's. */
  #coming: Promise<IteratorResult<string>> | undefined

  constructor(input: Readable) {
    this.#input = input
  }

  /** The next line; undefined at the end of the input. Rejects with the abort's reason. */
  async next(signal: AbortSignal): Promise<string | undefined> {
    this.#reader ??= createInterface({ input: this.#input })
    this.#lines ??= this.#reader[Symbol.asyncIterator]()
    this.#coming ??= this.#lines.next()
    const { value, done } = await untilAborted(this.#coming, signal)
    this.#coming = undefined
    return done === true ? undefined : value
  }

  [Symbol.dispose](): void {
    this.#reader?.close()
  }
}
