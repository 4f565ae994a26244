/** How many hosts may be worked on at once. Waiting (async jobs, delays, pauses) holds no place. */
export class Forks {
  #free: number
  readonly #waiting: (() => void)[] = []

  /** @param limit At least 1. */
  constructor(limit: number) {
    this.#free = Math.max(1, limit)
  }

  /** Resolves when a place is free; first come, first served. */
  async take(): Promise<ForkHold> {
    await this.#enter()
    return new ForkHold(
      () => this.#enter(),
      () => {
        this.#leave()
      },
    )
  }

  #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  #leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#free += 1
  }
}

/** A place among the forks. */
export class ForkHold {
  readonly #enter: () => Promise<void>
  readonly #leave: () => void
  #isHeld = true

  constructor(enter: () => Promise<void>, leave: () => void) {
    this.#enter = enter
    this.#leave = leave
  }

  /** Gives the place to others while `wait` waits, and takes one again afterwards. */
  async whileWaiting<T>(wait: () => Promise<T>): Promise<T> {
    this.release()
    try {
      return await wait()
    } finally {
      await this.#enter()
      this.#isHeld = true
    }
  }

  /** Gives the place back; harmless when it was given back already. */
  release(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    this.#leave()
  }
}
