import { attributeReader, ignoreCase } from '../attributes.ts'
import { define } from '../define.ts'
import { checkItems } from '../limits.ts'
import { isEqual, isTrue } from '../python/compare.ts'
import { arithmetic } from '../python/arithmetic.ts'
import { type Datum, Tuple, tuple } from '../python/datum.ts'
import { PythonSet, Range } from '../python/host-objects.ts'
import { contains, iterate } from '../python/iterate.ts'
import { isNumber, numberText } from '../python/number.ts'
import { filterError } from '../python/python-error.ts'
import { undefinedError } from '../python/text.ts'
import type { Table } from '../registry.ts'
import { Undefined } from '../scope.ts'

/** Filters that take lists for sets, and those that combine their items. */
export const setFilters: Table<Datum> = {
  unique: define(
    'case_sensitive attribute',
    (value, [isCaseSensitive = null, attribute = null]) => {
      const change = isTrue(isCaseSensitive) ? (item: Datum): Datum => item : ignoreCase
      return unique(iterate(value), attributeReader(attribute, { change }))
    },
  ),
  union: define('b', (value, [other = null]) => {
    const [left, right] = bothIterable(value, other)
    return asSet(
      value,
      other,
      unique(areSets(value, other) ? [...left, ...right] : summed(value, other)),
    )
  }),
  intersect: define('b', (value, [other = null]) => {
    const [left, right] = bothIterable(value, other)
    return asSet(value, other, unique(left.filter(isIn(value, other, right))))
  }),
  difference: define('b', (value, [other = null]) => {
    const left = iterate(value)
    if (left.length === 0 && !areSets(value, other)) return []
    const unwanted = isIn(value, other, iterate(other))
    return asSet(value, other, unique(left.filter((item) => !unwanted(item))))
  }),
  symmetric_difference: define('b', (value, [other = null]) => {
    const [left, right] = bothIterable(value, other)
    const [inLeft, inRight] = [membership(left), isIn(value, other, right)]
    const all = unique(areSets(value, other) ? [...left, ...right] : summed(value, other))
    return asSet(
      value,
      other,
      all.filter((item) => !(inLeft(item) && inRight(item))),
    )
  }),
}

function bothIterable(left: Datum, right: Datum): readonly [readonly Datum[], readonly Datum[]] {
  return [iterate(left), iterate(right)]
}

/** Whether Python makes sets of the two: it does of what it can hash, such as texts and tuples. */
function areSets(left: Datum, right: Datum): boolean {
  return [left, right].every(
    (one) => typeof one === 'string' || one instanceof Tuple || one instanceof Range,
  )
}

/** Whether an item is in `other`: as Python's `in` has it, so of a text all its parts, but where it makes sets of both. */
function isIn(value: Datum, other: Datum, items: readonly Datum[]): (item: Datum) => boolean {
  return typeof other !== 'string' || areSets(value, other)
    ? membership(items)
    : (item) => contains(other, item)
}

function asSet(left: Datum, right: Datum, items: readonly Datum[]): Datum {
  return areSets(left, right) ? new PythonSet(items) : items
}

function summed(left: Datum, right: Datum): readonly Datum[] {
  const sum = arithmetic('+', left, right)
  return iterate(sum)
}

/** The items that differ from all before them by what `key` makes of them. */
function unique(items: readonly Datum[], key = (item: Datum): Datum => item): Datum[] {
  const seen = new Set<string>()
  const rest: Datum[] = []
  const chosen: Datum[] = []
  for (const item of items) {
    const mark = key(item)
    if (mark instanceof Undefined) throw undefinedError(mark)
    const text = markOf(mark)
    const isKnown = text === undefined ? rest.some((one) => isEqual(one, mark)) : seen.has(text)
    if (isKnown) continue
    if (text === undefined) rest.push(mark)
    else seen.add(text)
    chosen.push(item)
  }
  return chosen
}

/** A function that tells whether a value is among `items`; quick for texts and numbers. */
export function membership(items: readonly Datum[]): (value: Datum) => boolean {
  const marks = new Set(items.map(markOf))
  const rest = items.filter((item) => markOf(item) === undefined)
  return (value) => {
    const mark = markOf(value)
    return mark === undefined ? rest.some((item) => isEqual(item, value)) : marks.has(mark)
  }
}

/** One text for values that are equal in Python; none for what has to be compared part by part. */
function markOf(value: Datum): string | undefined {
  if (typeof value === 'string') return `s${value}`
  if (value === null) return 'n'
  if (!isNumber(value)) return undefined
  const text = numberText(typeof value === 'boolean' ? Number(value) : value)
  return text === 'nan' ? undefined : `d${text.replace(/\.0$/u, '').replace(/^-0$/u, '0')}`
}

/** The pairs, triples … that `itertools.product` makes. */
export function cartesian(lists: readonly (readonly Datum[])[]): Datum[] {
  checkItems(lists.reduce((total, list) => total * list.length, 1))
  let rows: readonly (readonly Datum[])[] = [[]]
  for (const list of lists) rows = rows.flatMap((row) => list.map((item) => [...row, item]))
  return rows.map((row) => tuple(row))
}

/** The choices of `size` of `items`, in order of place; `isOrdered` also tells apart their orders. */
export function choices(items: readonly Datum[], size: number, isOrdered: boolean): Datum[] {
  if (size < 0) throw filterError('r must be non-negative')
  const found: Datum[] = []
  const walk = (places: readonly number[]): void => {
    if (places.length === size) {
      checkItems(found.length)
      found.push(tuple(places.map((place) => items[place] ?? null)))
      return
    }
    const from = isOrdered ? 0 : (places.at(-1) ?? -1) + 1
    for (let place = from; place < items.length; place += 1) {
      if (!places.includes(place)) walk([...places, place])
    }
  }
  walk([])
  return found
}

/** The items side by side; the shorter end it, or are filled up. */
export function zipped(
  lists: readonly (readonly Datum[])[],
  fill?: { readonly with: Datum },
): Datum[] {
  const lengths = lists.map((list) => list.length)
  const count = lengths.length === 0 ? 0 : fill ? Math.max(...lengths) : Math.min(...lengths)
  return Array.from({ length: count }, (_none, place) =>
    tuple(
      lists.map((list) => (place < list.length ? (list[place] ?? null) : (fill?.with ?? null))),
    ),
  )
}
