import { randomInt } from 'node:crypto'
import { isList, isMap, newMap } from '../../../proto/value.ts'
import type { MapKey, Value } from '../../../proto/value.ts'
import { toText } from '../../template/templates.ts'
import { LookupFailure } from '../../template/scope.ts'
import type { Lookup, LookupCall } from './lookup-call.ts'

/** Lookups that only rearrange what they are given. */
export const listLookups: Readonly<Record<string, Lookup>> = {
  items: ({ terms }) => flattenOnce(terms),
  list: ({ terms }) => terms,
  flattened: ({ terms }) => flattenAll(terms),
  indexed_items: ({ terms }) => flattenOnce(terms).map((item, index) => [index, item]),
  together,
  nested,
  cartesian: nested,
  dict,
  subelements,
  random_choice: ({ terms }) =>
    terms.length === 0 ? [] : [terms[randomInt(terms.length)] ?? null],
}

function flattenOnce(terms: readonly Value[]): readonly Value[] {
  return terms.flatMap((term): readonly Value[] => (isList(term) ? term : [term]))
}

function flattenAll(terms: readonly Value[]): readonly Value[] {
  return terms.flatMap((term): readonly Value[] => {
    if (term === 'None' || term === 'null') return []
    return isList(term) ? flattenAll(term) : [term]
  })
}

function together(call: LookupCall): readonly Value[] {
  const lists = call.terms.map(asList)
  if (lists.length === 0)
    throw new LookupFailure('with_together requires at least one element in each list')
  const longest = Math.max(...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_unused, index) =>
    lists.map((list) => list[index] ?? null),
  )
}

function nested(call: LookupCall): readonly Value[] {
  const lists = call.terms.map(asList)
  if (lists.length === 0)
    throw new LookupFailure('with_nested requires at least one element in the nested list')
  return lists.reduce<readonly (readonly Value[])[]>(
    (rows, list) => rows.flatMap((row) => list.map((item) => [...row, ...asList(item)])),
    [[]],
  )
}

function dict(call: LookupCall): readonly Value[] {
  return flattenOnce(call.terms).flatMap((term) => {
    if (!isMap(term)) throw new LookupFailure('with_dict expects a dict')
    return [...term].map(([key, value]) =>
      newMap([
        ['key', key],
        ['value', value],
      ]),
    )
  })
}

function subelements(call: LookupCall): readonly Value[] {
  const [source, path, flags] = call.terms
  const elements = isMap(source) ? [...source.values()] : source
  if (!isList(elements ?? null) || typeof path !== 'string') {
    throw new LookupFailure(
      'subelements lookup expects a list of two or three items: a list of dicts, a key, and flags',
    )
  }
  const isLenient = isMap(flags) && flags.get('skip_missing') === true
  return asList(elements ?? null).flatMap((element) => {
    if (isMap(element) && element.get('skipped') === true) return []
    const keys = path.split('.')
    const rest = without(element, keys)
    return subItems(element, { call, path: keys, isLenient }).map((item) => [rest, item])
  })
}

/** The element as the items are paired with it: without the list that they came from. */
function without(element: Value, path: readonly string[]): Value {
  const [key, ...rest] = path
  if (key === undefined || !isMap(element)) return element
  const entries = [...element]
  return newMap(
    entries.flatMap(([name, value]): readonly (readonly [MapKey, Value])[] => {
      if (name !== key) return [[name, value]]
      return rest.length === 0 ? [] : [[name, without(value, rest)]]
    }),
  )
}

function subItems(
  element: Value,
  at: { readonly call: LookupCall; readonly path: readonly string[]; readonly isLenient: boolean },
): readonly Value[] {
  let value: Value = element
  for (const key of at.path) {
    if (isMap(value) && value.has(key)) value = value.get(key) ?? null
    else if (at.isLenient) return []
    else
      throw new LookupFailure(`could not find '${key}' key in iterated item '${toText(element)}'`)
  }
  if (isList(value)) return value
  if (at.isLenient) return []
  throw new LookupFailure(
    `the key ${at.path.join('.')} should point to a list, got '${toText(value)}'`,
  )
}

function asList(value: Value): readonly Value[] {
  return isList(value) ? value : [value]
}
