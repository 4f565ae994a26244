import { setTimeout as delay } from 'node:timers/promises'
import { ErrandError } from '../../proto/errors.ts'
import type { CliConfig } from './config.ts'
import { openController, type ControllerClient } from './controller-client.ts'
import { NotStarted } from './start-controller.ts'

/** How often a controller may go before anything new was heard. */
const failuresInARow = 10
/** Before the next try; as often more as there were failures. */
const patienceMs = 200

/** One connection to the controller, made anew with the next controller when that has gone. */
export class Controllers implements Disposable {
  readonly #config: CliConfig
  readonly #signal: AbortSignal
  #opening: Promise<ControllerClient> | undefined
  #client: ControllerClient | undefined

  constructor(config: CliConfig, signal: AbortSignal) {
    this.#config = config
    this.#signal = signal
  }

  /**
   * Asks the controller; when it goes before it has answered, the next one. Only for what does nothing twice when it is
   * asked twice.
   *
   * @throws {ErrandError} what the question throws; `unreachable` when controllers went again and again.
   */
  async ask<T>(question: (controller: ControllerClient) => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      let client: ControllerClient | undefined
      try {
        client = await this.#opened()
        return await question(client)
      } catch (error) {
        this.#forgive(error, { client, failures })
      }
      await this.#pause(failures)
    }
  }

  /**
   * What a call yields, and when the controller goes before the end, what the call yields of the next one.
   *
   * @param begin Leaves out what has come already, where that matters.
   * @param onGone Hears that it is about to be begun again.
   * @throws {ErrandError} as {@link ask}.
   */
  async *follow<T>(
    begin: (controller: ControllerClient) => AsyncIterable<T>,
    { onGone }: { readonly onGone?: () => void } = {},
  ): AsyncGenerator<T, void> {
    for (let failures = 1; ; failures += 1) {
      let client: ControllerClient | undefined
      try {
        client = await this.#opened()
        for await (const item of begin(client)) {
          failures = 0
          yield item
        }
        return
      } catch (error) {
        this.#forgive(error, { client, failures })
      }
      onGone?.()
      await this.#pause(failures)
    }
  }

  [Symbol.dispose](): void {
    this.#client?.[Symbol.dispose]()
  }

  /** Throws what is not mended by asking again. */
  #forgive(
    error: unknown,
    {
      client,
      failures,
    }: { readonly client: ControllerClient | undefined; readonly failures: number },
  ): void {
    if (this.#signal.aborted || !hasGone(error)) throw error
    if (client) this.#lost(client)
    if (failures <= failuresInARow) return
    const message = `the controller goes again and again before it answers; ${this.#config.home}/controller.log says why`
    throw new ErrandError('unreachable', message, { cause: error })
  }

  async #pause(failures: number): Promise<void> {
    await delay(failures * patienceMs, undefined, { signal: this.#signal })
  }

  #lost(client: ControllerClient): void {
    if (this.#client !== client) return
    this.#client = undefined
    client[Symbol.dispose]()
  }

  /** The controller, started when none answers. */
  #opened(): Promise<ControllerClient> {
    if (this.#client) return Promise.resolve(this.#client)
    this.#opening ??= this.#open()
    return this.#opening
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

/** Of a controller that was killed, and of one that was asked to leave: it cancels the calls that go on. */
function hasGone(error: unknown): boolean {
  if (!(error instanceof ErrandError) || error instanceof NotStarted) return false
  return error.code === 'unreachable' || error.code === 'cancelled'
}
