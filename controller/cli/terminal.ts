import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Printed } from './render/renderer.ts'

export interface TerminalOptions {
  readonly stdout: Writable
  readonly stderr: Writable
  /** Both streams are a terminal: a progress line may be shown. */
  readonly isInteractive: boolean
  readonly columns: number
}

/** The two streams of the command line, and a progress line that never mixes with what is printed. */
export class Terminal {
  readonly #options: TerminalOptions
  #progress = ''

  constructor(options: TerminalOptions) {
    this.#options = options
  }

  /** Results. Waits while the reader is slower than us. */
  async out(data: string | Uint8Array): Promise<void> {
    await this.#write(this.#options.stdout, data)
  }

  /** Diagnostics. */
  async err(data: string | Uint8Array): Promise<void> {
    await this.#write(this.#options.stderr, data)
  }

  async print(printed: readonly Printed[]): Promise<void> {
    for (const { stream, text } of printed)
      await (stream === 'stdout' ? this.out(text) : this.err(text))
  }

  /** One value of a result, as JSON on a line of its own. */
  async json(value: unknown): Promise<void> {
    await this.out(`${JSON.stringify(value)}\n`)
  }

  /** Shows what is waited for, on a terminal only, until something else is printed. */
  progress(text: string): void {
    const { isInteractive, stderr, columns } = this.#options
    if (!isInteractive || text === this.#progress) return
    const line = text.length > columns ? `${text.slice(0, columns - 1)}…` : text
    stderr.write(`\r\u001B[K${line}`)
    this.#progress = text
  }

  clearProgress(): void {
    if (this.#progress === '') return
    this.#options.stderr.write('\r\u001B[K')
    this.#progress = ''
  }

  async #write(stream: Writable, data: string | Uint8Array): Promise<void> {
    this.clearProgress()
    if (!stream.write(data)) await once(stream, 'drain')
  }
}

/** Ends the process when the reader of a stream has left, or its terminal has: nothing that we print is wanted any more. */
export function leaveWithReader(streams: readonly Writable[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'EIO') process.exit(0)
      throw error
    })
  }
}
