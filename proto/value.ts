/**
 * A value of the playbook language: what YAML, facts, results and templates are made of.
 *
 * Integers are `number` while they are safe and `bigint` beyond; a float whose value is whole (2.0) is a
 * {@link Float}, since JavaScript cannot tell it from 2 and Python can.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Moment
  | readonly Value[]
  | ValueMap

/** What may be a key: 80 and '80' are two. A whole float is the integer that it equals, as in Python. */
export type MapKey = null | boolean | number | bigint | string

/** A mapping. It keeps the order in which its keys came, as in Python. */
export type ValueMap = ReadonlyMap<MapKey, Value>

/** A mapping, open for writing until it is handed on. */
export type MutableMap = Map<MapKey, Value>

/** A float that is a whole number. Every other float is a plain `number`. */
export class Float {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/**
 * A date, or a date with a time, as YAML has them. It is an object of the evaluator's, whose parts only templates ask
 * for; to all others it is its text. The members without a comment are what makes every value a datum of the evaluator.
 */
export interface Moment {
  readonly typeName: string
  /** As Python's `str()`: `2001-12-14`, `2001-12-14 21:59:43`. */
  text(): string
  /** As ISO 8601, which is how JSON tells it: a `T` between date and time. */
  isoText(): string
  repr(): string
  isTrue(): boolean
  attribute(name: string): undefined
  items(): undefined
  equals(other: never): boolean
  compare(other: never): number | undefined
}

/** True for a date. */
export function isMoment(value: unknown): value is Moment {
  return typeof value === 'object' && value !== null && 'isoText' in value
}

/** A map of `entries` in their order; of equal keys the first has the place and the last the value. */
export function newMap(entries?: Iterable<readonly [MapKey, Value]>): MutableMap {
  return new Map(entries)
}

/** The key under which `map` holds what `key` names: for Python 1 and true are one key, and the first that came stays. */
export function keyIn(map: ReadonlyMap<MapKey, unknown>, key: MapKey): MapKey {
  if (typeof key === 'boolean') return map.has(key) || !map.has(Number(key)) ? key : Number(key)
  if (key !== 0 && key !== 1) return key
  return map.has(key) || !map.has(key === 1) ? key : key === 1
}

/** A map of fields that the caller knows by name. Those that are undefined are left out. */
export function mapOf(fields: Readonly<Record<string, Value | undefined>>): MutableMap {
  const map: MutableMap = new Map()
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) map.set(key, value)
  return map
}

/** Puts all entries of `more` into `map`. */
export function addAll(map: MutableMap, more: ValueMap): void {
  for (const [key, value] of more) map.set(key, value)
}

/** The entries of `map` but those of `keys`. */
export function without(map: ValueMap, keys: readonly MapKey[]): MutableMap {
  const rest: MutableMap = new Map(map)
  for (const key of keys) rest.delete(key)
  return rest
}

/** The keys that are text: all of them where keys are names, as in arguments and results. */
export function textKeys(map: ValueMap): string[] {
  return [...map.keys()].filter((key) => typeof key === 'string')
}

/** The entries of {@link textKeys}. */
export function textEntries(map: ValueMap): [string, Value][] {
  return [...map].filter((entry): entry is [string, Value] => typeof entry[0] === 'string')
}

/** True for a mapping: not for null, a list or a {@link Float}. */
export function isMap(value: unknown): value is ValueMap {
  return value instanceof Map
}

/** True for a list. (Array.isArray does not narrow readonly arrays.) */
export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value)
}

/** How Python writes a float: `1.0`, `1e+16`, `1e-07`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  if (Object.is(value, -0)) return '-0.0'
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/u, 'e$10$2')
  }
  const text = String(value)
  return text.includes('.') ? text : `${text}.0`
}
