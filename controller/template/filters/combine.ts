import { keyIn } from '../../../proto/value.ts'
import { defineRest } from '../define.ts'
import { isEqual, isTrue } from '../python/compare.ts'
import {
  type Datum,
  type DatumMap,
  isDict,
  isListDatum,
  isSequence,
  newDict,
} from '../python/datum.ts'
import { filterError } from '../python/python-error.ts'
import { toText } from '../python/text.ts'
import { typeName } from '../python/types.ts'
import type { Table } from '../registry.ts'
import { toValue } from '../to-value.ts'
import { jsonText } from '../python/json.ts'
import { membership } from './sets.ts'

const MERGES = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp']

/** The filter that merges maps. */
export const combineFilters: Table<Datum> = {
  combine: defineRest((value, { positional, named }) => {
    for (const key of named.keys()) {
      if (key !== 'recursive' && key !== 'list_merge') {
        throw filterError("'recursive' and 'list_merge' are the only valid keyword arguments")
      }
    }
    const isRecursive = isTrue(named.get('recursive') ?? false)
    const listMerge = toText(named.get('list_merge') ?? 'replace')
    const maps = [value, ...positional].flatMap((one) => (isSequence(one) ? [...one] : [one]))
    for (const map of maps) toValue(map)
    const [first = newDict(), ...rest] = maps.filter((one) => one !== null)
    return rest.reduce<Datum>(
      (merged, map) => merge(merged, map, { isRecursive, listMerge }),
      first,
    )
  }),
}

interface MergeOptions {
  readonly isRecursive: boolean
  readonly listMerge: string
}

/** `right` merged over `left`; neither is changed. */
function merge(left: Datum, right: Datum, options: MergeOptions): Datum {
  if (!MERGES.includes(options.listMerge)) {
    throw filterError(
      "merge_hash: 'list_merge' argument can only be equal to 'replace', 'keep', 'append', 'prepend', 'append_rp' or 'prepend_rp'",
    )
  }
  if (!isDict(left) || !isDict(right)) {
    throw filterError(
      `failed to combine variables, expected dicts but got a '${typeName(left)}' and a '${typeName(right)}': \n${jsonText(left)}\n${jsonText(right)}`,
    )
  }
  if (isEqual(left, right)) return newDict(right)
  return mergeMaps(left, right, options)
}

function mergeMaps(left: DatumMap, right: DatumMap, options: MergeOptions): Datum {
  const merged = newDict(left)
  for (const [key, value] of right) {
    const own = keyIn(merged, key)
    const before = left.get(own)
    merged.set(own, before === undefined ? value : mergeValues(before, value, options))
  }
  return merged
}

function mergeValues(before: Datum, after: Datum, options: MergeOptions): Datum {
  if (isDict(before) && isDict(after))
    return options.isRecursive ? merge(before, after, options) : after
  if (!isListDatum(before) || !isListDatum(after)) return after
  switch (options.listMerge) {
    case 'keep':
      return before
    case 'append':
      return [...before, ...after]
    case 'prepend':
      return [...after, ...before]
    case 'append_rp': {
      const isAfter = membership(after)
      return [...before.filter((item) => !isAfter(item)), ...after]
    }
    case 'prepend_rp': {
      const isAfter = membership(after)
      return [...after, ...before.filter((item) => !isAfter(item))]
    }
    default:
      return after
  }
}
