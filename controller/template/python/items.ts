import { type MapKey, keyIn } from '../../../proto/value.ts'
import { Undefined } from '../scope.ts'
import { type Datum, HostObject, Tuple, isDict, isSequence, tuple } from './datum.ts'
import { dictKey } from './iterate.ts'
import { isInteger } from './number.ts'
import { typeError, valueError } from './python-error.ts'
import { pythonRepr } from './text.ts'
import { objectName } from './types.ts'

/** The item of a value under a key or a place; nothing where there is none. */
export function itemOf(value: Datum, key: Datum): Datum | undefined {
  if (isDict(value))
    return isSequence(key) && !(key instanceof Tuple) ? undefined : ownKey(value, dictKey(key))
  if (!isInteger(key)) return undefined
  const place = Number(key)
  if (isSequence(value)) return value[place < 0 ? place + value.length : place]
  if (typeof value === 'string') return characterAt(value, place)
  if (!(value instanceof HostObject) || !isIndexable(value)) return undefined
  return value.items()?.at(place)
}

/** Ranges can be indexed, the views of a map cannot. */
function isIndexable(value: HostObject): boolean {
  return value.typeName === 'range'
}

function characterAt(text: string, place: number): string | undefined {
  const characters = Array.from(text)
  return characters[place < 0 ? place + characters.length : place]
}

/** The value of a map's own key. */
export function ownKey(value: Datum, name: MapKey): Datum | undefined {
  return isDict(value) ? value.get(keyIn(value, name)) : undefined
}

/** `value[start:stop:step]`, each part possibly None. */
export function getSlice(value: Datum, parts: readonly [Datum, Datum, Datum]): Datum {
  if (value instanceof Undefined) return value
  const [start, stop, step] = parts.map(sliceIndex)
  if (typeof value === 'string') return take(Array.from(value), start, stop, step).join('')
  if (value instanceof Tuple) return tuple(take(value, start, stop, step))
  if (isSequence(value)) return take(value, start, stop, step)
  if (value instanceof HostObject && isIndexable(value))
    return take(value.items() ?? [], start, stop, step)
  return new Undefined(
    `${objectName(value)} has no element slice(${parts.map((part) => pythonRepr(part)).join(', ')})`,
  )
}

function sliceIndex(part: Datum): number | undefined {
  if (part === null) return undefined
  if (isInteger(part)) return Number(part)
  throw typeError('slice indices must be integers or None or have an __index__ method')
}

function take<T>(
  items: readonly T[],
  start: number | undefined,
  stop: number | undefined,
  step = 1,
): T[] {
  if (step === 0) throw valueError('slice step cannot be zero')
  const size = items.length
  const clamp = (place: number): number => {
    const fromStart = place < 0 ? place + size : place
    return step > 0
      ? Math.min(Math.max(fromStart, 0), size)
      : Math.min(Math.max(fromStart, -1), size - 1)
  }
  const from = start === undefined ? (step > 0 ? 0 : size - 1) : clamp(start)
  const to = stop === undefined ? (step > 0 ? size : -1) : clamp(stop)
  const taken: T[] = []
  for (let place = from; step > 0 ? place < to : place > to; place += step) {
    const item = items[place]
    if (item !== undefined) taken.push(item)
  }
  return taken
}
