interface Pulled<T> {
  readonly source: AsyncIterator<T>
  readonly result: IteratorResult<T>
}

/**
 * Yields what any of the sources yields, as it comes; over when all are. Each source is asked for its next value only
 * when the last one was taken. Leaving early leaves the sources; the first error of one ends all.
 */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T, void> {
  const merged = new Merged<T>()
  for (const source of sources) merged.add(source)
  merged.close()
  yield* merged.values()
}

/** Sources that are read as one, and to which more may be added meanwhile. */
export class Merged<T> {
  readonly #going = new Set<AsyncIterator<T>>()
  #ready: (() => Pulled<T>)[] = []
  #wake: () => void = () => undefined
  #isClosed = false

  add(source: AsyncIterable<T>): void {
    const iterator = source[Symbol.asyncIterator]()
    this.#going.add(iterator)
    this.#pull(iterator)
  }

  /** No more will be added: over when those that are there are. */
  close(): void {
    this.#isClosed = true
    this.#wake()
  }

  /** As {@link merge}; to be read once. */
  async *values(): AsyncGenerator<T, void> {
    try {
      while (!this.#isClosed || this.#going.size > 0) {
        const next = this.#ready.shift()
        if (!next) {
          await this.#change()
          continue
        }
        const { source, result } = next()
        if (result.done) this.#going.delete(source)
        else {
          yield result.value
          this.#pull(source)
        }
      }
    } finally {
      for (const source of this.#going) source.return?.().catch(() => {}) // The reader has left, or has the first error.
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      if (this.#ready.length > 0 || (this.#isClosed && this.#going.size === 0)) resolve()
    })
  }

  #pull(source: AsyncIterator<T>): void {
    source.next().then(
      (result) => this.#tell(() => ({ source, result })),
      (error: unknown) =>
        this.#tell(() => {
          throw error
        }),
    )
  }

  #tell(pulled: () => Pulled<T>): void {
    this.#ready.push(pulled)
    this.#wake()
  }
}
