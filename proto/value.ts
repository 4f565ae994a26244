/**
 * A value of the playbook language: what YAML, facts, results and templates are made of.
 *
 * Maps keep their insertion order, as in Python. Integers are `number` while they are safe and `bigint` beyond;
 * a float whose value is whole (2.0) is a {@link Float}, since JavaScript cannot tell it from 2 and Python can.
 */
export type Value = null | boolean | number | bigint | string | Float | readonly Value[] | ValueMap

/** A mapping. Made with `newMap()`: without a prototype, so that no key reaches an object of the host program. */
export interface ValueMap {
  readonly [key: string]: Value
}

/** A float that is a whole number. Every other float is a plain `number`. */
export class Float {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }

  /** Keeps `2.0` apart from `2` in JSON text. */
  toJSON(): unknown {
    return rawJson(floatText(this.value))
  }
}

/** A map without a prototype, open for writing until it is handed on. */
export type MutableMap = Record<string, Value>

/** An empty map that has no prototype; `entries` are copied into it in their order. */
export function newMap(entries?: Iterable<readonly [string, Value]>): MutableMap {
  const map = Object.create(null) as MutableMap
  if (entries) for (const [key, value] of entries) map[key] = value
  return map
}

/** True for a mapping: not for null, a list or a {@link Float}. */
export function isMap(value: unknown): value is ValueMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Float)
  )
}

/** True for a list. (Array.isArray does not narrow readonly arrays.) */
export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value)
}

/** Whether `map` has `key` itself. */
export function has(map: ValueMap, key: string): boolean {
  return Object.hasOwn(map, key)
}

/**
 * Reads JSON text into a {@link Value}: maps without prototype, `1.0` as a Float, integers beyond 2^53 as bigint.
 *
 * @throws {SyntaxError} as `JSON.parse` does.
 */
export function parseJson(text: string): Value {
  return JSON.parse(text, reviveJson as (key: string, value: unknown) => unknown) as Value
}

/** Writes a {@link Value} as compact JSON text that {@link parseJson} reads back to an equal value. */
export function stringifyJson(value: Value): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? rawJson(part.toString()) : part,
  )
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

/** JSON.rawJSON and the reviver's third argument are in Node 22 and later, not yet in TypeScript's library. */
const rawJson = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON

function reviveJson(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value === 'number') return reviveNumber(value, context.source ?? '')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (value instanceof Float) return value
  return newMap(Object.entries(value) as [string, Value][])
}

function reviveNumber(value: number, source: string): Value {
  if (/[.eE]/u.test(source)) return Number.isInteger(value) ? new Float(value) : value
  return Number.isSafeInteger(value) ? value : BigInt(source)
}
