import { checkItems } from '../limits.ts'
import { isEqual, isTrue } from './compare.ts'
import { type Arguments, type Datum, Tuple } from './datum.ts'
import { iterate } from './iterate.ts'
import { isInteger } from './number.ts'
import { PythonError, typeError, valueError } from './python-error.ts'
import { sorted } from './sorted.ts'
import { pythonRepr } from './text.ts'
import { typeName } from './types.ts'

type Self = readonly Datum[]

/** Python's methods of a list; those that change it refuse a tuple. */
export const listMethods: ReadonlyMap<string, (self: Self, args: Arguments) => Datum> = new Map<
  string,
  (self: Self, args: Arguments) => Datum
>([
  ['append', (self, args) => done(open(self).push(one(args)))],
  ['extend', extend],
  ['insert', insert],
  ['pop', pop],
  ['remove', remove],
  ['clear', (self) => done(open(self).splice(0))],
  ['reverse', (self) => done(open(self).splice(0, self.length, ...self.toReversed()))],
  [
    'sort',
    (self, args) =>
      done(
        open(self).splice(
          0,
          self.length,
          ...sorted(self, { isReverse: isTrue(args.named.get('reverse') ?? false) }),
        ),
      ),
  ],
  ['copy', (self) => [...self]],
  ['index', index],
  ['count', (self, args) => self.filter((item) => isEqual(item, one(args))).length],
])

function done(_result: unknown): null {
  return null
}

function open(self: Self): Datum[] {
  if (self instanceof Tuple) throw typeError("'tuple' object cannot be changed")
  return self as Datum[]
}

function one({ positional }: Arguments): Datum {
  const [first] = positional
  if (first === undefined || positional.length > 1) {
    throw typeError(`expected exactly one argument (${positional.length} given)`)
  }
  return first
}

function extend(self: Self, args: Arguments): Datum {
  const items = iterate(one(args))
  checkItems(self.length + items.length)
  const list = open(self)
  list.push(...items)
  return null
}

function insert(self: Self, { positional: [place, item] }: Arguments): Datum {
  if (!isInteger(place ?? null) || item === undefined)
    throw typeError('insert expected 2 arguments')
  open(self).splice(Number(place), 0, item)
  return null
}

function pop(self: Self, { positional: [place = -1] }: Arguments): Datum {
  if (!isInteger(place)) {
    throw typeError(`'${typeName(place)}' object cannot be interpreted as an integer`)
  }
  if (self.length === 0) throw new PythonError('IndexError', 'pop from empty list')
  const from = Number(place) < 0 ? Number(place) + self.length : Number(place)
  const [taken] = from < 0 ? [] : open(self).splice(from, 1)
  if (taken === undefined) throw new PythonError('IndexError', 'pop index out of range')
  return taken
}

function remove(self: Self, args: Arguments): Datum {
  const at = self.findIndex((item) => isEqual(item, one(args)))
  if (at < 0) throw valueError('list.remove(x): x not in list')
  open(self).splice(at, 1)
  return null
}

function index(self: Self, { positional: [item = null, start = 0] }: Arguments): Datum {
  const from = Number(start)
  const at = self.findIndex((part, place) => place >= from && isEqual(part, item))
  if (at < 0) throw valueError(`${pythonRepr(item)} is not in list`)
  return at
}
