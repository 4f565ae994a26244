import type { MapKey } from '../../../proto/value.ts'
import { ignoreCase } from '../attributes.ts'
import { define, defineLazy } from '../define.ts'
import { getItem, pythonAttribute } from '../python/access.ts'
import { isTrue } from '../python/compare.ts'
import { type Datum, isDict, isListDatum, isSequence, newDict, pair } from '../python/datum.ts'
import { itemOf } from '../python/items.ts'
import { dictKey, isIterable, iterate } from '../python/iterate.ts'
import { filterError, typeError } from '../python/python-error.ts'
import { sorted } from '../python/sorted.ts'
import { attributeError } from '../python/text-with.ts'
import { pythonRepr, stringRepr, toText, undefinedError } from '../python/text.ts'
import { typeName } from '../python/types.ts'
import type { Table } from '../registry.ts'
import { Undefined } from '../scope.ts'

/** Filters that read and change maps. */
export const mapFilters: Table<Datum> = {
  dict2items: define('key_name value_name', (value, [keyName = 'key', valueName = 'value']) => {
    if (!isDict(value)) {
      throw typeError(`dict2items requires a dictionary, got <class '${typeName(value)}'> instead.`)
    }
    const names = [toText(keyName), toText(valueName)] as const
    return Array.from(value, ([key, item]) =>
      newDict([
        [names[0], key],
        [names[1], item],
      ]),
    )
  }),
  items2dict: define('key_name value_name', (value, [keyName = 'key', valueName = 'value']) =>
    itemsToDict(value, keyName, valueName),
  ),
  dictsort: define('case_sensitive by reverse', (value, args) => dictSort(value, args)),
  extract: defineLazy('container morekeys', (value, [container = null, more = null]) => {
    const keys = more === null ? [value] : isListDatum(more) ? [value, ...more] : [value, more]
    return keys.reduce((found: Datum, key) => getItem(found, key), container)
  }),
  subelements: define('subelements skip_missing', (value, [path = null, skipsMissing = false]) =>
    subelements(value, path, isTrue(skipsMissing)),
  ),
  rekey_on_member: define('key duplicates', (value, [key = null, duplicates = 'error']) =>
    rekey(value, dictKey(key), toText(duplicates)),
  ),
  attr: defineLazy('name', (value, [name = null]) => {
    if (value instanceof Undefined) throw undefinedError(value)
    return pythonAttribute(value, toText(name))
  }),
}

function itemsToDict(value: Datum, keyName: Datum, valueName: Datum): Datum {
  if (!isSequence(value)) {
    throw typeError(`items2dict requires a list, got <class '${typeName(value)}'> instead.`)
  }
  return newDict(
    value.map((item) => {
      if (!isDict(item) && !isSequence(item)) {
        throw typeError(
          `items2dict requires a list of dictionaries, got ${pythonRepr(value)} instead.`,
        )
      }
      const [key, found] = [itemOf(item, keyName), itemOf(item, valueName)]
      if (key === undefined || found === undefined) {
        throw typeError(
          `items2dict requires each dictionary in the list to contain the keys '${toText(keyName)}' and '${toText(valueName)}', got ${pythonRepr(value)} instead.`,
        )
      }
      return [dictKey(key), found] as const
    }),
  )
}

function dictSort(value: Datum, args: readonly (Datum | undefined)[]): Datum {
  const [isCaseSensitive = false, by = 'key', isReverse = false] = args
  if (by !== 'key' && by !== 'value') {
    throw filterError('You can only sort by either "key" or "value"')
  }
  if (!isDict(value)) throw attributeError(value, 'items')
  const change = isTrue(isCaseSensitive) ? (item: Datum): Datum => item : ignoreCase
  const key = (entry: Datum): Datum => change(getItem(entry, by === 'key' ? 0 : 1))
  const pairs = Array.from(value, ([name, item]) => pair(name, item))
  return sorted(pairs, { isReverse: isTrue(isReverse), key })
}

function subelements(value: Datum, path: Datum, skipsMissing: boolean): Datum {
  const elements = isDict(value) ? [...value.values()] : isListDatum(value) ? value : undefined
  if (!elements) throw filterError('obj must be a list of dicts or a nested dict')
  const steps = isListDatum(path)
    ? path.map((step) => toText(step))
    : typeof path === 'string'
      ? path.split('.')
      : undefined
  if (!steps) throw typeError('subelements must be a list or a string')
  return elements.flatMap((element) =>
    inner(element, steps, skipsMissing).map((item) => pair(element, item)),
  )
}

function inner(element: Datum, steps: readonly string[], skipsMissing: boolean): readonly Datum[] {
  let value = element
  for (const step of steps) {
    if (!isDict(value)) {
      throw typeError(`the key ${step} should point to a dictionary, got '${toText(value)}'`)
    }
    const found = value.get(step)
    if (found === undefined && skipsMissing) return []
    if (found === undefined) {
      throw filterError(
        `could not find ${stringRepr(step)} key in iterated item ${pythonRepr(value)}`,
      )
    }
    value = found
  }
  if (isListDatum(value)) return value
  throw typeError(
    `the key ${stringRepr(steps.at(-1) ?? '')} should point to a list, got ${pythonRepr(value)}`,
  )
}

function rekey(value: Datum, key: MapKey, duplicates: string): Datum {
  if (duplicates !== 'error' && duplicates !== 'overwrite') {
    throw filterError(`duplicates parameter to rekey_on_member has unknown value: ${duplicates}`)
  }
  if (typeof value === 'string' || !isIterable(value)) {
    throw typeError('Type is not a valid list, set, or dict')
  }
  const map = newDict()
  for (const item of isDict(value) ? value.values() : iterate(value)) {
    if (!isDict(item)) throw typeError('List item is not a valid dict')
    const member = item.get(key)
    if (member === undefined) throw filterError(`Key ${toText(key)} was not found`)
    const name = dictKey(member)
    if (map.has(name) && duplicates === 'error') {
      throw filterError(`Key ${toText(name)} is not unique, cannot correctly turn into dict`)
    }
    map.set(name, item)
  }
  return map
}
