import type { ClockPort } from '../run/ports.ts'

export interface BackoffOptions {
  readonly clock: ClockPort
  /** The first wait. Default 250 ms. */
  readonly firstMs?: number
  /** No wait is longer. Default 30 s. */
  readonly mostMs?: number
}

/** Waits that double, each shortened by up to half at random, so that many who wait do not come at once. */
export class Backoff {
  readonly #clock: ClockPort
  readonly #firstMs: number
  readonly #mostMs: number
  #delayMs: number

  constructor({ clock, firstMs = 250, mostMs = 30_000 }: BackoffOptions) {
    this.#clock = clock
    this.#firstMs = firstMs
    this.#mostMs = mostMs
    this.#delayMs = firstMs
  }

  /** @throws the reason when `signal` aborts. */
  async wait({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const delayMs = this.#delayMs * (0.5 + Math.random() / 2)
    this.#delayMs = Math.min(this.#delayMs * 2, this.#mostMs)
    await this.#clock.sleep(delayMs, { signal })
  }

  /** What was waited for has come: the next wait is the first again. */
  reset(): void {
    this.#delayMs = this.#firstMs
  }
}
