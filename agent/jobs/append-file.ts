import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs'

/** A file that only grows, by texts that are in it whole or not at all: a disk that fills tears none of them. */
export class AppendFile implements Disposable {
  readonly #fd: number
  #bytes: number
  #isOpen = true

  /** Opens the file, and makes it when there is none. */
  constructor(file: string) {
    this.#fd = openSync(file, 'a', 0o600)
    this.#bytes = fstatSync(this.#fd).size
  }

  /** For syncing it. */
  get fd(): number {
    return this.#fd
  }

  /**
   * Writes `text` behind what is there.
   *
   * @throws what the system said, `ENOSPC` for a full disk; nothing of `text` is left behind then.
   */
  append(text: string): void {
    const data = Buffer.from(text)
    // What could not be taken back the last time goes now, or nothing may follow it.
    if (fstatSync(this.#fd).size !== this.#bytes) ftruncateSync(this.#fd, this.#bytes)
    try {
      for (let written = 0; written < data.length;) {
        written += writeSync(this.#fd, data, written)
      }
      this.#bytes += data.length
    } catch (error) {
      this.#takeBack()
      throw error
    }
  }

  #takeBack(): void {
    try {
      ftruncateSync(this.#fd, this.#bytes)
    } catch {
      // The next append tries again before it writes.
    }
  }

  [Symbol.dispose](): void {
    if (this.#isOpen) closeSync(this.#fd)
    this.#isOpen = false
  }
}
