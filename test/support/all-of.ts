/** Everything that an iterable yields, in order. */
export async function allOf<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const value of source) all.push(value)
  return all
}
