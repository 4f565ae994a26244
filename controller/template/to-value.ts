import { Float, type Value, type ValueMap, newMap } from '../../proto/value.ts'
import { type Datum, HostObject, Tuple, isSequence } from './python/datum.ts'
import { limitError } from './python/python-error.ts'
import { SoftUndefined } from './python/soft-undefined.ts'
import { toText, undefinedError } from './python/text.ts'
import { Undefined } from './scope.ts'

const MAX_DEPTH = 500

/**
 * What leaves the evaluator: tuples become lists, views and ranges become lists, a date becomes its text.
 *
 * @returns The same object where nothing in it had to change.
 * @throws {PythonError} `UndefinedError` when anything in it is undefined.
 */
export function toValue(datum: Datum, depth = 0): Value {
  if (typeof datum !== 'object' || datum === null || datum instanceof Float) return datum
  if (depth > MAX_DEPTH) throw limitError('a value is nested too deeply')
  if (datum instanceof Undefined) throw undefinedError(datum)
  if (datum instanceof HostObject) {
    const items = datum instanceof SoftUndefined ? undefined : datum.items()
    return items ? items.map((item) => toValue(item, depth + 1)) : toText(datum)
  }
  if (isSequence(datum)) return listValue(datum, depth)
  let isSame = true
  const map = newMap()
  for (const [key, item] of datum) {
    const value = toValue(item, depth + 1)
    map.set(key, value)
    isSame &&= value === item
  }
  return isSame ? (datum as ValueMap) : map
}

function listValue(list: readonly Datum[], depth: number): Value {
  const items = Array.from(list, (item) => toValue(item, depth + 1))
  const isSame = !(list instanceof Tuple) && items.every((item, place) => item === list[place])
  return isSame ? (list as Value) : items
}
