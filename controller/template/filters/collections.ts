import { defineRest } from '../define.ts'
import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import { iterate } from '../python/iterate.ts'
import type { Table } from '../registry.ts'
import { cartesian, choices, zipped } from './sets.ts'

/** Filters that put several lists together, and those that choose among the items of one. */
export const collectionFilters: Table<Datum> = {
  zip: defineRest((value, { positional }) => zipped([value, ...positional].map(iterate))),
  zip_longest: defineRest((value, { positional, named }) =>
    zipped([value, ...positional].map(iterate), { with: named.get('fillvalue') ?? null }),
  ),
  product: defineRest((value, { positional, named }) => {
    const lists = [value, ...positional].map(iterate)
    const times = Number(named.get('repeat') ?? 1)
    return cartesian(Array.from({ length: times }, () => lists).flat())
  }),
  permutations: defineRest((value, { positional: [size = null] }) => {
    const items = iterate(value)
    return choices(items, size === null ? items.length : Number(size), true)
  }),
  combinations: defineRest((value, { positional: [size = null] }) =>
    choices(iterate(value), isTrue(size) ? Number(size) : 0, false),
  ),
}
