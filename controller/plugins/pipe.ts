import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { MessageChannel, type MessagePort, Worker, receiveMessageOnPort } from 'node:worker_threads'

/** How the program at the other end is started. */
export interface PipeOptions {
  readonly program: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
  /** Told of what the program prints on standard error, when somebody listens: with the next frame, or at the end. */
  readonly onSaid: (text: string) => void
}

/** What the thread of a pipe is started with. */
export interface PipeData extends Omit<PipeOptions, 'onSaid'> {
  readonly port: MessagePort
  /** Two numbers: how many messages it has told, and the process while there is one. */
  readonly shared: SharedArrayBuffer
}

/** What the thread is told. */
export type ToPipe =
  | { readonly kind: 'frame'; readonly text: string }
  | { readonly kind: 'close'; readonly graceMs: number }

/** What the thread tells. */
export type FromPipe =
  | { readonly kind: 'frame'; readonly text: string }
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'end'; readonly reason: string }

/** What came of waiting for a frame. */
export type Received =
  | Extract<FromPipe, { readonly kind: 'frame' | 'end' }>
  | { readonly kind: 'timed_out' }

/** A program that is asked and answers in frames, by a caller that waits where it stands. */
export class Pipe implements Disposable {
  readonly #port: MessagePort
  readonly #state: Int32Array
  readonly #onSaid: (text: string) => void
  #end: Extract<FromPipe, { readonly kind: 'end' }> | undefined

  constructor({ onSaid, ...options }: PipeOptions) {
    const { port1, port2 } = new MessageChannel()
    const shared = new SharedArrayBuffer(8)
    this.#port = port1
    this.#state = new Int32Array(shared)
    this.#onSaid = onSaid
    const data: PipeData = { ...options, port: port2, shared }
    const worker = new Worker(workerFile(), { workerData: data, transferList: [port2] })
    worker.on('error', () => {}) // the waiting end notices that nothing comes
    // A controller that has nothing else to do may leave; the program ends with it.
    worker.unref()
  }

  send(text: string): void {
    this.#tell({ kind: 'frame', text })
  }

  /** The next frame, or that there will be none; past `limitMs` the program is killed. */
  receive(limitMs: number): Received {
    const deadline = performance.now() + limitMs
    for (;;) {
      const seen = Atomics.load(this.#state, 0)
      const message = this.#next()
      if (message) return message
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) return this.#giveUp()
      Atomics.wait(this.#state, 0, seen, leftMs)
    }
  }

  [Symbol.dispose](): void {
    if (this.#end) return
    this.#tell({ kind: 'close', graceMs: 1000 })
    this.#port.close()
    this.#end = { kind: 'end', reason: 'it was closed' }
  }

  /** What is there already, what was printed handed on. */
  #next(): Received | undefined {
    if (this.#end) return this.#end
    for (;;) {
      const message: FromPipe | undefined = receiveMessageOnPort(this.#port)?.message
      if (message?.kind === 'end') this.#end = message
      if (message?.kind !== 'said') return message
      this.#onSaid(message.text)
    }
  }

  #giveUp(): Received {
    const pid = Atomics.load(this.#state, 1)
    if (pid > 0) kill(pid)
    this[Symbol.dispose]()
    return { kind: 'timed_out' }
  }

  #tell(message: ToPipe): void {
    this.#port.postMessage(message, [])
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it ended at this very moment
  }
}

/** Beside the bundled controller, or the source. */
function workerFile(): string {
  const bundled = join(import.meta.dirname, 'plugin-pipe.js')
  return existsSync(bundled) ? bundled : join(import.meta.dirname, 'pipe-worker.ts')
}
