/** Numbers that look random and are the same for the same seed on every machine (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#next() * (most - least + 1))
  }

  /** One of `choices`, each by its weight. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T {
    let rest = this.#next() * choices.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [choice, weight] of choices) {
      rest -= weight
      if (rest < 0) return choice
    }
    throw new Error('there is nothing to choose from')
  }

  /** All of `values`, in another order. */
  shuffled<T>(values: readonly T[]): readonly T[] {
    const places = values.map((value) => ({ value, place: this.#next() }))
    return places.toSorted((one, other) => one.place - other.place).map(({ value }) => value)
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
