/**
 * Runs both waits and resolves with whichever is done first; the other is aborted. (The one place in run/ that
 * makes an AbortController: the loser of a race has no other owner.)
 */
export async function firstOf<A, B>(
  waits: {
    readonly one: (signal: AbortSignal) => Promise<A>
    readonly other: (signal: AbortSignal) => Promise<B>
  },
  signal: AbortSignal,
): Promise<
  { readonly winner: 'one'; readonly value: A } | { readonly winner: 'other'; readonly value: B }
> {
  const loser = new AbortController()
  const both = AbortSignal.any([signal, loser.signal])
  const one = raced('one', () => waits.one(both))
  const other = raced('other', () => waits.other(both))
  try {
    return await Promise.race([one, other])
  } finally {
    loser.abort()
    await Promise.allSettled([one, other])
  }
}

async function raced<Name extends string, T>(winner: Name, wait: () => Promise<T>) {
  return { winner, value: await wait() }
}
