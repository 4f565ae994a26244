import { compare, isEqual } from '../python/compare.ts'
import { type Datum, type DatumMap, isDict, isSequence, newDict } from '../python/datum.ts'
import { lengthOf } from '../python/iterate.ts'
import { jsonText } from '../python/json.ts'
import {
  float,
  isNumber,
  parseFloatText,
  parseInteger,
  toDouble,
  truncate,
} from '../python/number.ts'
import { filterError } from '../python/python-error.ts'
import { sorted } from '../python/sorted.ts'
import { typeName } from '../python/types.ts'

/** An argument of a function: a value, or an expression to be applied to each item. */
export type Argument = Datum | ((item: Datum) => Datum)

type Run = (args: Checked) => Datum

/** Calls a function of JMESPath. */
export function callFunction(name: string, args: readonly Argument[]): Datum {
  const run = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (!run) throw filterError(`unknown JMESPath function: ${name}()`)
  return run(new Checked(name, args))
}

class Checked {
  readonly #name: string
  readonly #args: readonly Argument[]

  constructor(name: string, args: readonly Argument[]) {
    this.#name = name
    this.#args = args
  }

  get count(): number {
    return this.#args.length
  }

  value(place: number): Datum {
    const arg = this.#args[place]
    if (arg === undefined || typeof arg === 'function') throw this.#wrong(place, 'a value')
    return arg
  }

  list(place: number): readonly Datum[] {
    const value = this.value(place)
    if (isSequence(value)) return value
    throw this.#wrong(place, 'an array')
  }

  text(place: number): string {
    const value = this.value(place)
    if (typeof value === 'string') return value
    throw this.#wrong(place, 'a string')
  }

  number(place: number): number {
    const value = this.value(place)
    if (isNumber(value) && typeof value !== 'boolean') return toDouble(value)
    throw this.#wrong(place, 'a number')
  }

  map(place: number): DatumMap {
    const value = this.value(place)
    if (isDict(value)) return value
    throw this.#wrong(place, 'an object')
  }

  expression(place: number): (item: Datum) => Datum {
    const arg = this.#args[place]
    if (typeof arg === 'function') return arg
    throw this.#wrong(place, 'an expression')
  }

  #wrong(place: number, wanted: string): Error {
    const arg = this.#args[place]
    const got =
      arg === undefined ? 'nothing' : typeof arg === 'function' ? 'an expression' : typeName(arg)
    return filterError(
      `JMESPath function ${this.#name}() takes ${wanted} as argument ${place + 1}, got ${got}`,
    )
  }
}

function whole(value: number): Datum {
  return Number.isInteger(value) ? value : float(value)
}

const functions: Readonly<Record<string, Run>> = {
  abs: (args) => whole(Math.abs(args.number(0))),
  avg: (args) => {
    const list = args.list(0)
    return list.length === 0 ? null : float(total(list) / list.length)
  },
  ceil: (args) => Math.ceil(args.number(0)),
  contains: (args) => {
    const value = args.value(0)
    if (typeof value === 'string') return value.includes(args.text(1))
    return args.list(0).some((item) => isEqual(item, args.value(1)))
  },
  ends_with: (args) => args.text(0).endsWith(args.text(1)),
  floor: (args) => Math.floor(args.number(0)),
  items: (args) => Array.from(args.map(0), ([key, value]) => [key, value]),
  join: (args) => args.list(1).map(String).join(args.text(0)),
  keys: (args) => [...args.map(0).keys()],
  length: (args) => lengthOf(args.value(0)),
  map: (args) => args.list(1).map(args.expression(0)),
  max: (args) => extreme(args.list(0), 1),
  max_by: (args) => extreme(args.list(0), 1, args.expression(1)),
  merge: (args) =>
    newDict(
      Array.from({ length: args.count }, (_none, place) => Array.from(args.map(place))).flat(),
    ),
  min: (args) => extreme(args.list(0), -1),
  min_by: (args) => extreme(args.list(0), -1, args.expression(1)),
  not_null: (args) =>
    Array.from({ length: args.count }, (_none, place) => args.value(place)).find(
      (value) => value !== null,
    ) ?? null,
  reverse: (args) => {
    const value = args.value(0)
    return typeof value === 'string'
      ? Array.from(value).toReversed().join('')
      : args.list(0).toReversed()
  },
  sort: (args) => sorted(args.list(0)),
  sort_by: (args) => sorted(args.list(0), { key: args.expression(1) }),
  starts_with: (args) => args.text(0).startsWith(args.text(1)),
  sum: (args) => whole(total(args.list(0))),
  to_array: (args) => (isSequence(args.value(0)) ? args.value(0) : [args.value(0)]),
  to_number: (args) => toNumber(args.value(0)),
  to_string: (args) => {
    const value = args.value(0)
    return typeof value === 'string'
      ? value
      : jsonText(value, { itemSeparator: ',', keySeparator: ':' })
  },
  type: (args) => jsonType(args.value(0)),
  values: (args) => [...args.map(0).values()],
}

function total(list: readonly Datum[]): number {
  return list.reduce((sum: number, item) => {
    if (isNumber(item)) return sum + toDouble(item)
    throw filterError(`JMESPath can only add numbers, got ${typeName(item)}`)
  }, 0)
}

function extreme(
  list: readonly Datum[],
  direction: 1 | -1,
  key = (item: Datum): Datum => item,
): Datum {
  const [first = null, ...rest] = list
  return rest.reduce(
    (best, item) => (compare(key(item), key(best)) * direction > 0 ? item : best),
    first,
  )
}

function toNumber(value: Datum): Datum {
  if (typeof value !== 'string') return isNumber(value) && typeof value !== 'boolean' ? value : null
  const integer = parseInteger(value)
  if (integer !== undefined) return integer
  const double = parseFloatText(value)
  if (double === undefined) return null
  return Number.isInteger(double) ? truncate(double) : float(double)
}

function jsonType(value: Datum): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string') return 'string'
  if (isNumber(value)) return 'number'
  return isSequence(value) ? 'array' : 'object'
}
