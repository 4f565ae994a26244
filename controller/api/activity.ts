/** Counts the calls that are going on, so that a controller knows when nobody needs it. */
export class Activity {
  readonly #nowMs: () => number
  #calls = 0
  #lastMs: number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
    this.#lastMs = nowMs()
  }

  /** How long no call has been going on; 0 while one is. */
  get idleMs(): number {
    return this.#calls > 0 ? 0 : this.#nowMs() - this.#lastMs
  }

  /** Says that there is work that no call waits for. */
  touch(): void {
    this.#lastMs = this.#nowMs()
  }

  /** Counts a call from now until the returned function is called. */
  enter(): () => void {
    this.#calls += 1
    return () => {
      this.#calls -= 1
      this.touch()
    }
  }
}
