import { Float, type Value, type ValueMap, newMap } from '../../proto/value.ts'
import { type Datum, HostObject, Tuple, isSequence, tuple } from './python/datum.ts'
import { DateTime, asMoment } from './python/datetime.ts'
import { limitError } from './python/python-error.ts'
import { SoftUndefined } from './python/soft-undefined.ts'
import { toText, undefinedError } from './python/text.ts'
import { Undefined } from './scope.ts'

const MAX_DEPTH = 500

/** How much of Python stays in a value. */
export interface ToValueOptions {
  /** Tuples stay: one variable's template may look at what another's came to. Default false: they become lists. */
  readonly keepsTuples?: boolean
}

/**
 * What leaves the evaluator: tuples, views and ranges become lists, what no value can hold becomes its text.
 *
 * @returns The same object where nothing in it had to change.
 * @throws {PythonError} `UndefinedError` when anything in it is undefined.
 */
export function toValue(datum: Datum, { keepsTuples = false }: ToValueOptions = {}): Value {
  return converted(datum, keepsTuples, 0)
}

function converted(datum: Datum, keepsTuples: boolean, depth: number): Value {
  if (typeof datum !== 'object' || datum === null || datum instanceof Float) return datum
  if (depth > MAX_DEPTH) throw limitError('a value is nested too deeply')
  if (datum instanceof Undefined) throw undefinedError(datum)
  const inner = (part: Datum): Value => converted(part, keepsTuples, depth + 1)
  if (datum instanceof HostObject) return objectValue(datum, inner)
  if (isSequence(datum)) return listValue(datum, inner, keepsTuples)
  let isSame = true
  const map = newMap()
  for (const [key, item] of datum) {
    const value = inner(item)
    map.set(key, value)
    isSame &&= value === item
  }
  return isSame ? (datum as ValueMap) : map
}

function objectValue(datum: HostObject, inner: (part: Datum) => Value): Value {
  if (datum instanceof DateTime) return asMoment(datum)
  const items = datum instanceof SoftUndefined ? undefined : datum.items()
  return items ? items.map(inner) : toText(datum)
}

function listValue(
  list: readonly Datum[],
  inner: (part: Datum) => Value,
  keepsTuples: boolean,
): Value {
  const items = Array.from(list, inner)
  const isKept = keepsTuples || !(list instanceof Tuple)
  if (isKept && items.every((item, place) => item === list[place])) return list as Value
  return keepsTuples && list instanceof Tuple ? (tuple(items) as readonly Datum[] as Value) : items
}
