/** Notices that somebody set the clock, by a second clock that nobody sets. */

export interface ClockWatchOptions {
  /** What the two may drift apart between two looks. Default 1 minute. */
  readonly toleranceMs?: number
  /** For how long a clock that was set is not believed. Default 1 day. */
  readonly distrustMs?: number
}

/** One look at both clocks. */
export interface ClockLook {
  /** Milliseconds since the Unix epoch. */
  readonly wallMs: number
  /** Milliseconds since anything, never set. */
  readonly steadyMs: number
}

/** Whether ages by the clock may be acted on: one that is set forward makes everything old at once. */
export class ClockWatch {
  readonly #toleranceMs: number
  readonly #distrustMs: number
  #offsetMs: number | undefined
  #setAtMs = -Infinity

  constructor({ toleranceMs = 60_000, distrustMs = 24 * 3600 * 1000 }: ClockWatchOptions = {}) {
    this.#toleranceMs = toleranceMs
    this.#distrustMs = distrustMs
  }

  /** Looks, and says whether the clock is to be believed now. */
  isTrusted({ wallMs, steadyMs }: ClockLook): boolean {
    const offsetMs = wallMs - steadyMs
    const movedMs = Math.abs(offsetMs - (this.#offsetMs ?? offsetMs))
    this.#offsetMs = offsetMs
    if (movedMs > this.#toleranceMs) this.#setAtMs = steadyMs
    return steadyMs - this.#setAtMs >= this.#distrustMs
  }
}
