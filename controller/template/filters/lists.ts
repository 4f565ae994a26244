import { attributeReader, ignoreCase, multiReader } from '../attributes.ts'
import { define, defineLazy } from '../define.ts'
import { checkItems, checkText } from '../limits.ts'
import { arithmetic } from '../python/arithmetic.ts'
import { compare, isTrue } from '../python/compare.ts'
import { type Datum, NamedPair, isDict, isSequence, pair } from '../python/datum.ts'
import { isIterable, iterate, lengthOf } from '../python/iterate.ts'
import { filterError, typeError } from '../python/python-error.ts'
import { sorted } from '../python/sorted.ts'
import { toText } from '../python/text.ts'
import type { Definition, Table } from '../registry.ts'
import { Undefined } from '../scope.ts'

const length: Definition<Datum> = define('', (value) => lengthOf(value))

/** Filters that read and change lists. */
export const listFilters: Table<Datum> = {
  length,
  count: length,
  list: define('', (value) => [...iterate(value)]),
  first: define('', (value) => {
    const [first] = iterate(value)
    return first === undefined ? new Undefined('No first item, sequence was empty.') : first
  }),
  last: define('', (value) => {
    const last = iterate(value).at(-1)
    return last === undefined ? new Undefined('No last item, sequence was empty.') : last
  }),
  join: defineLazy('d attribute', (value, [by = '', attribute = null]) => {
    const items = iterate(value)
    const read = attribute === null ? (item: Datum): Datum => item : attributeReader(attribute)
    const texts = items.map((item) => toText(read(item)))
    checkText(texts.reduce((total, text) => total + text.length, 0))
    return texts.join(toText(by))
  }),
  sort: define('reverse case_sensitive attribute', (value, args) => {
    const [isReverse = false, isCaseSensitive = false, attribute = null] = args
    const change = isTrue(isCaseSensitive) ? (item: Datum): Datum => item : ignoreCase
    const key = multiReader(attribute, change)
    return sorted(iterate(value), { isReverse: isTrue(isReverse), key })
  }),
  reverse: define('', (value) => {
    if (typeof value === 'string') return Array.from(value).toReversed().join('')
    if (!isIterable(value)) throw filterError('argument must be iterable')
    return iterate(value).toReversed()
  }),
  max: define('case_sensitive attribute', (value, args) => extreme(value, args, 1)),
  min: define('case_sensitive attribute', (value, args) => extreme(value, args, -1)),
  sum: define('attribute start', (value, [attribute = null, start = 0]) => {
    const read = attributeReader(attribute)
    if (typeof start === 'string')
      throw typeError("sum() can't sum strings [use ''.join(seq) instead]")
    return iterate(value).reduce((total, item) => arithmetic('+', total, read(item)), start)
  }),
  batch: define('linecount fill_with', (value, [count = 1, fill = null]) =>
    batches(iterate(value), Number(count), fill),
  ),
  slice: define('slices fill_with', (value, [count = 1, fill = null]) =>
    slices(iterate(value), Number(count), fill),
  ),
  groupby: define('attribute default case_sensitive', (value, args) => groups(value, args)),
  items: defineLazy('', (value) => (value instanceof Undefined ? [] : entries(value))),
  flatten: define('levels skip_nulls', (value, [levels = null, skipsNulls = true]) =>
    flatten(
      iterate(value),
      levels === null ? Number.POSITIVE_INFINITY : Number(levels),
      isTrue(skipsNulls),
    ),
  ),
}

function extreme(value: Datum, args: readonly (Datum | undefined)[], direction: 1 | -1): Datum {
  const [isCaseSensitive = false, attribute = null] = args
  const change = isTrue(isCaseSensitive) ? (item: Datum): Datum => item : ignoreCase
  const read = attributeReader(attribute, { change })
  const [first, ...rest] = iterate(value)
  if (first === undefined) return new Undefined('No aggregated item, sequence was empty.')
  return rest.reduce(
    (best, item) =>
      compare(read(item), read(best), direction > 0 ? '>' : '<') * direction > 0 ? item : best,
    first,
  )
}

function batches(items: readonly Datum[], size: number, fill: Datum): Datum[] {
  const lines: Datum[][] = []
  items.forEach((item, index) => {
    if (index % size === 0) lines.push([])
    lines.at(-1)?.push(item)
  })
  const last = lines.at(-1)
  if (last && fill !== null) while (last.length < size) last.push(fill)
  return lines
}

function slices(items: readonly Datum[], count: number, fill: Datum): Datum[] {
  checkItems(count)
  const size = Math.floor(items.length / count)
  const longer = items.length % count
  return Array.from({ length: count }, (_none, index) => {
    const start = index * size + Math.min(index, longer)
    const part = items.slice(start, start + size + (index < longer ? 1 : 0))
    return fill !== null && index >= longer && longer > 0 ? [...part, fill] : part
  })
}

function groups(value: Datum, args: readonly (Datum | undefined)[]): Datum[] {
  const [attribute = null, given = null, isCaseSensitive = false] = args
  const otherwise = given === null ? undefined : given
  const isExact = isTrue(isCaseSensitive)
  const key = attributeReader(attribute, {
    otherwise,
    change: isExact ? (item) => item : ignoreCase,
  })
  const read = attributeReader(attribute, { otherwise })
  const found: { key: Datum; items: Datum[] }[] = []
  for (const item of sorted(iterate(value), { key })) {
    const last = found.at(-1)
    if (last && compare(last.key, key(item)) === 0) last.items.push(item)
    else found.push({ key: key(item), items: [item] })
  }
  return found.map(
    ({ key: name, items }) =>
      new NamedPair(['grouper', 'list'], [isExact ? name : read(items[0] ?? null), items]),
  )
}

function entries(value: Datum): Datum[] {
  if (!isDict(value)) throw typeError('Can only get item pairs from a mapping.')
  return Array.from(value, ([key, item]) => pair(key, item))
}

function flatten(items: readonly Datum[], levels: number, skipsNulls: boolean): Datum[] {
  const flat: Datum[] = []
  for (const item of items) {
    if (skipsNulls && (item === null || item === 'None' || item === 'null')) continue
    if (isSequence(item) && levels >= 1) {
      for (const inner of flatten(item, levels - 1, skipsNulls)) flat.push(inner)
    } else flat.push(item)
  }
  checkItems(flat.length)
  return flat
}
