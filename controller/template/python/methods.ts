import { type Arguments, type Datum, HostFunction, isDict, isSequence } from './datum.ts'
import { dictMethods } from './dict-methods.ts'
import { listMethods } from './list-methods.ts'
import { numberAttribute } from './number-attributes.ts'
import { isNumber } from './number.ts'
import { stringMethods } from './string-methods.ts'

/** A method table: each takes the value it belongs to, and the call's arguments. */
type MethodTable<T> = ReadonlyMap<string, (self: T, args: Arguments) => Datum>

/** The Python method `name` of a plain value, bound to it; nothing where Python has none. */
export function methodOf(value: Datum, name: string): Datum | undefined {
  if (typeof value === 'string') return bind(stringMethods, value, name)
  if (isSequence(value)) return bind(listMethods, value, name)
  if (isDict(value)) return bind(dictMethods, value, name)
  return isNumber(value) ? numberAttribute(value, name) : undefined
}

function bind<T>(table: MethodTable<T>, self: T, name: string): Datum | undefined {
  const method = table.get(name)
  return method && new HostFunction(name, (args) => method(self, args))
}

/** Names of the methods that change a list or a map in place. */
export const MUTATING_METHODS: ReadonlySet<string> = new Set([
  'append',
  'clear',
  'extend',
  'insert',
  'pop',
  'popitem',
  'remove',
  'reverse',
  'setdefault',
  'sort',
  'update',
])
