import { compare } from './compare.ts'
import type { Datum } from './datum.ts'

/** How to sort. */
export interface SortOptions {
  readonly isReverse?: boolean
  /** What to order an item by. Default the item. */
  readonly key?: (item: Datum) => Datum
}

/** Python's `sorted()`: stable, also in reverse. */
export function sorted(items: readonly Datum[], options: SortOptions = {}): Datum[] {
  const { isReverse = false, key = (item: Datum) => item } = options
  const keyed = Array.from(items, (item) => ({ item, key: key(item) }))
  keyed.sort((left, right) => {
    const order = compare(left.key, right.key)
    return (isReverse ? -order : order) || 0
  })
  return keyed.map(({ item }) => item)
}
