interface Pulled<T> {
  readonly source: AsyncIterator<T>
  readonly result: IteratorResult<T>
}

/**
 * Yields what any of the sources yields, as it comes; over when all are. Each source is asked for its next value only
 * when the last one was taken. Leaving early leaves the sources; the first error of one ends all.
 */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T, void> {
  const pulls = new Map<AsyncIterator<T>, Promise<Pulled<T>>>()
  for (const source of sources.map((iterable) => iterable[Symbol.asyncIterator]())) {
    pulls.set(source, pull(source))
  }
  try {
    while (pulls.size > 0) {
      const { source, result } = await Promise.race(pulls.values())
      if (result.done) {
        pulls.delete(source)
      } else {
        yield result.value
        pulls.set(source, pull(source))
      }
    }
  } finally {
    for (const [source, waiting] of pulls) {
      waiting.catch(() => {}) // The reader has left, or has the first error already.
      source.return?.().catch(() => {}) // The same.
    }
  }
}

async function pull<T>(source: AsyncIterator<T>): Promise<Pulled<T>> {
  return { source, result: await source.next() }
}
