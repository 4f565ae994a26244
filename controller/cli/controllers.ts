import type { CliConfig } from './config.ts'
import { openController, type ControllerClient } from './controller-client.ts'

/** One connection to the controller for many readers, made anew when it was lost. */
export class Controllers implements Disposable {
  readonly #config: CliConfig
  readonly #signal: AbortSignal
  #opening: Promise<ControllerClient> | undefined
  #client: ControllerClient | undefined

  constructor(config: CliConfig, signal: AbortSignal) {
    this.#config = config
    this.#signal = signal
  }

  /** The controller, started when none answers. */
  async open(): Promise<ControllerClient> {
    if (this.#client) return this.#client
    this.#opening ??= this.#open()
    return this.#opening
  }

  /** It has gone; the next one who asks gets another. */
  lost(client: ControllerClient): void {
    if (this.#client !== client) return
    this.#client = undefined
    client[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    this.#client?.[Symbol.dispose]()
  }

  async #open(): Promise<ControllerClient> {
    try {
      this.#client = await openController(this.#config, this.#signal)
      return this.#client
    } finally {
      this.#opening = undefined
    }
  }
}
