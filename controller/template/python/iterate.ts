import { Float, type MapKey, keyIn } from '../../../proto/value.ts'
import { Undefined } from '../scope.ts'
import { type Datum, HostObject, Tuple, isDict, isSequence } from './datum.ts'
import { integer, isNumber } from './number.ts'
import { isEqual } from './compare.ts'
import { typeError } from './python-error.ts'
import { pythonRepr, undefinedError } from './text.ts'
import { typeName } from './types.ts'

/**
 * The items of anything Python can iterate: characters of a string, keys of a map.
 *
 * @throws {PythonError} `TypeError` for what is not iterable.
 */
export function iterate(datum: Datum): readonly Datum[] {
  if (isSequence(datum)) return datum
  if (typeof datum === 'string') return Array.from(datum)
  if (datum instanceof Undefined) throw undefinedError(datum)
  if (datum instanceof HostObject) {
    const items = datum.items()
    if (items) return items
  } else if (isDict(datum)) return [...datum.keys()]
  throw typeError(`'${typeName(datum)}' object is not iterable`)
}

/** Whether {@link iterate} would succeed. */
export function isIterable(datum: Datum): boolean {
  if (datum instanceof HostObject) return datum.items() !== undefined
  return typeof datum === 'string' || isSequence(datum) || isDict(datum)
}

/** Python's `len()`, in code points for a string. */
export function lengthOf(datum: Datum): number {
  if (typeof datum === 'string') return codePoints(datum)
  if (isSequence(datum)) return datum.length
  if (datum instanceof Undefined) throw undefinedError(datum)
  if (datum instanceof HostObject) {
    const items = datum.items()
    if (items) return items.length
  } else if (isDict(datum)) return datum.size
  throw typeError(`object of type '${typeName(datum)}' has no len()`)
}

function codePoints(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit >= 0xd800 && unit < 0xdc00 && index + 1 < text.length) count -= 1
  }
  return count
}

/** Python's `item in container`. */
export function contains(container: Datum, item: Datum): boolean {
  if (container instanceof Undefined) throw undefinedError(container)
  if (item instanceof Undefined) throw undefinedError(item)
  if (typeof container === 'string') {
    if (typeof item === 'string') return container.includes(item)
    throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`)
  }
  if (isSequence(container)) return container.some((part) => part === item || isEqual(part, item))
  if (container instanceof HostObject) {
    const items = container.items()
    if (items) return items.some((part) => isEqual(part, item))
  } else if (isDict(container)) return container.has(keyIn(container, dictKey(item)))
  throw typeError(`argument of type '${typeName(container)}' is not iterable`)
}

/**
 * The key under which a map keeps what `key` names. A tuple or a date becomes text.
 *
 * @throws {PythonError} `TypeError` for what Python cannot hash.
 */
export function dictKey(key: Datum): MapKey {
  if (typeof key === 'string' || key === null) return key
  if (key instanceof Undefined) throw undefinedError(key)
  if (key instanceof HostObject) return key.text()
  if (key instanceof Float) return integer(BigInt(key.value))
  if (isNumber(key)) return key
  if (key instanceof Tuple) return pythonRepr(key)
  throw typeError(`unhashable type: '${typeName(key)}'`)
}
