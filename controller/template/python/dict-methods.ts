import { type MapKey, keyIn } from '../../../proto/value.ts'
import { type Arguments, type Datum, type DatumMap, isDict, newDict, pair } from './datum.ts'
import { DictView } from './host-objects.ts'
import { dictKey, iterate } from './iterate.ts'
import { PythonError, typeError } from './python-error.ts'
import { pythonRepr } from './text.ts'

type Open = Map<MapKey, Datum>

/** Python's methods of a dict. */
export const dictMethods: ReadonlyMap<string, (self: DatumMap, args: Arguments) => Datum> = new Map<
  string,
  (self: DatumMap, args: Arguments) => Datum
>([
  ['keys', (self) => new DictView('dict_keys', [...self.keys()])],
  ['values', (self) => new DictView('dict_values', [...self.values()])],
  ['items', (self) => new DictView('dict_items', entriesOf(self))],
  ['get', (self, args) => read(self, args, args.positional[1] ?? null) ?? null],
  ['copy', (self) => newDict(self)],
  ['pop', pop],
  ['popitem', popItem],
  ['setdefault', setDefault],
  ['update', update],
  ['__setitem__', setItem],
  ['clear', clear],
])

/** The same map, to be changed: Python's own methods do. */
function open(map: DatumMap): Open {
  return map as Open
}

function entriesOf(map: DatumMap): Datum[] {
  return Array.from(map, ([key, value]) => pair(key, value))
}

function keyOf({ positional: [key] }: Arguments): MapKey {
  if (key === undefined) throw typeError('expected at least 1 argument, got 0')
  return dictKey(key)
}

function read(map: DatumMap, args: Arguments, otherwise?: Datum): Datum | undefined {
  const found = map.get(keyIn(map, keyOf(args)))
  return found === undefined ? otherwise : found
}

function pop(map: DatumMap, args: Arguments): Datum {
  const found = read(map, args, args.positional[1])
  if (found === undefined) throw new PythonError('KeyError', pythonRepr(args.positional[0] ?? null))
  open(map).delete(keyIn(map, keyOf(args)))
  return found
}

function popItem(map: DatumMap): Datum {
  const last = [...map].at(-1)
  if (!last) throw new PythonError('KeyError', "'popitem(): dictionary is empty'")
  open(map).delete(last[0])
  return pair(...last)
}

function setDefault(map: DatumMap, args: Arguments): Datum {
  const found = read(map, args)
  if (found !== undefined) return found
  const value = args.positional[1] ?? null
  open(map).set(keyOf(args), value)
  return value
}

function update(map: DatumMap, { positional: [source], named }: Arguments): Datum {
  const writable = open(map)
  if (source !== undefined) {
    for (const [key, value] of pairsOf(source)) {
      writable.set(keyIn(writable, key), value)
    }
  }
  for (const [key, value] of named) writable.set(key, value)
  return null
}

function setItem(map: DatumMap, args: Arguments): Datum {
  open(map).set(keyIn(map, keyOf(args)), args.positional[1] ?? null)
  return null
}

/** The pairs that Python's `dict(source)` would take. */
export function pairsOf(source: Datum): readonly (readonly [MapKey, Datum])[] {
  if (isDict(source)) return [...source]
  return iterate(source).map((entry, index) => {
    const parts = iterate(entry)
    if (parts.length === 2) return [dictKey(parts[0] ?? null), parts[1] ?? null] as const
    throw new PythonError(
      'ValueError',
      `dictionary update sequence element #${index} has length ${parts.length}; 2 is required`,
    )
  })
}

function clear(map: DatumMap): Datum {
  open(map).clear()
  return null
}
