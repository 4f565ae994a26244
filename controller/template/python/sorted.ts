import type { MapKey } from '../../../proto/value.ts'
import { compare } from './compare.ts'
import type { Datum, DatumMap } from './datum.ts'

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

/**
 * The keys of a map as Python sorts them.
 *
 * @throws {PythonError} `TypeError` when they are of types that have no order.
 */
export function sortedKeys(map: DatumMap): MapKey[] {
  return [...map.keys()].sort((left, right) => compare(left, right))
}
