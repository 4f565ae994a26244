import { ErrandError } from '../../proto/errors.ts'
import type { CliConfig } from './config.ts'
import type { Controllers } from './controllers.ts'
import type { Terminal } from './terminal.ts'

/** What every command is given. */
export interface CommandContext {
  readonly config: CliConfig
  readonly terminal: Terminal
  readonly interrupt: Interrupt
  readonly controllers: Controllers
}

/** Ctrl-C: the first time a command may have its own way to stop, the second time the process leaves at once. */
export class Interrupt {
  readonly #stop = new AbortController()
  readonly #leave: () => void
  #handler: (() => void) | undefined
  #first: (() => boolean) | undefined
  #isWaiting = false
  #presses = 0

  constructor(leave: () => void) {
    this.#leave = leave
  }

  /** Aborts at the first Ctrl-C, unless a command took that over. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** What the first Ctrl-C does from now on; done at once when it came while it was held back. */
  handle(handler: () => void): void {
    this.#handler = handler
    if (this.#isWaiting) handler()
    this.#isWaiting = false
  }

  /** From now on the first Ctrl-C waits for a handler: what is being started must not be lost sight of. */
  hold(): void {
    this.handle(() => {
      this.#isWaiting = true
    })
  }

  /** Who may have each Ctrl-C for itself, and says so; it then counts for nobody else. */
  offer(first: () => boolean): void {
    this.#first = first
  }

  press(): void {
    if (this.#first?.() === true) return
    this.#presses += 1
    if (this.#presses > 1) this.#leave()
    else if (this.#handler) this.#handler()
    else this.#stop.abort(new ErrandError('interrupted', 'interrupted'))
  }
}
