/**
 * Values of the evaluator as JSON, and back. What JSON has not is an object with one key that begins with a null
 * character (python/values.py reads and writes the same): tuples, keys that are no text, dates, what is undefined,
 * objects that only Python has.
 */
import { readJson } from '../../proto/read-json.ts'
import { Float, type MapKey, type Value, floatText } from '../../proto/value.ts'
import { CalendarDate, DateTime } from '../template/python/datetime.ts'
import { TimeDelta } from '../template/python/time-delta.ts'
import {
  type Datum,
  HostObject,
  isDict,
  isSequence,
  newDict,
  Tuple,
  tuple,
} from '../template/python/datum.ts'
import { PythonError } from '../template/python/python-error.ts'
import { SoftUndefined } from '../template/python/soft-undefined.ts'
import { toText } from '../template/python/text.ts'
import { Undefined } from '../template/scope.ts'

const mark = '\0'
const maxDepth = 500

/**
 * JSON text of a value.
 *
 * @throws {PythonError} `LimitError` when it is nested too deeply.
 */
export function encode(datum: Datum, depth = 0): string {
  if (typeof datum === 'string') return JSON.stringify(datum)
  if (datum === null || typeof datum === 'boolean' || typeof datum === 'bigint')
    return String(datum)
  if (typeof datum === 'number') return numberText(datum)
  if (datum instanceof Float) return numberText(datum.value, floatText)
  if (depth > maxDepth) throw new PythonError('LimitError', 'a value is nested too deeply')
  if (datum instanceof Undefined) return marked('undefined', JSON.stringify(datum.hint))
  if (datum instanceof HostObject) return objectText(datum, depth)
  if (isSequence(datum)) {
    const items = `[${Array.from(datum, (item) => encode(item, depth + 1)).join(',')}]`
    return datum instanceof Tuple ? marked('tuple', items) : items
  }
  const entries = Array.from(datum, ([key, item]) => [key, encode(item, depth + 1)] as const)
  return isPlain(entries)
    ? `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${item}`).join(',')}}`
    : marked('map', `[${entries.map(([key, item]) => `[${encode(key)},${item}]`).join(',')}]`)
}

/**
 * The value of a text that {@link encode} or Python wrote.
 *
 * @throws {SyntaxError} when it is no such text.
 */
export function decode(text: string): Datum {
  return readJson(text, {
    keyOf: (key) => key,
    objectOf: (map) => {
      const [key, ...others] = map.keys()
      return typeof key === 'string' && key.startsWith(mark) && others.length === 0
        ? revive(key.slice(mark.length), map.get(key) ?? null)
        : map
    },
    maxDepth: 900,
  }) as Datum
}

/** An object that only Python has; it is known there by its number. */
class PythonObject extends HostObject {
  readonly id: number
  readonly typeName: string
  readonly #text: string
  readonly #repr: string

  constructor(id: number, words: { readonly type: string; text: string; repr: string }) {
    super()
    this.id = id
    this.typeName = words.type
    this.#text = words.text
    this.#repr = words.repr
  }

  override text(): string {
    return this.#text
  }

  override repr(): string {
    return this.#repr
  }
}

function numberText(value: number, write: (value: number) => string = String): string {
  if (Number.isFinite(value)) return write(value)
  const word = Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  return marked('float', JSON.stringify(word))
}

function marked(kind: string, text: string): string {
  return `{${JSON.stringify(mark + kind)}:${text}}`
}

/** All keys are text, and none alone could be taken for a mark. */
function isPlain(entries: readonly (readonly [MapKey, string])[]): boolean {
  if (!entries.every(([key]) => typeof key === 'string')) return false
  const [first] = entries
  return entries.length !== 1 || !String(first?.[0]).startsWith(mark)
}

function objectText(object: HostObject, depth: number): string {
  if (object instanceof PythonObject) {
    const words = [object.id, object.typeName, object.text(), object.repr()]
    return marked('object', JSON.stringify(words))
  }
  if (object instanceof SoftUndefined) return marked('undefined', '"the inline if-expression"')
  if (object instanceof CalendarDate) return marked('date', JSON.stringify(object.isoText()))
  if (object instanceof DateTime) return marked('datetime', JSON.stringify(object.isoText()))
  if (object instanceof TimeDelta) return marked('timedelta', String(object.micros))
  const items = object.items()
  return items ? encode(items, depth + 1) : JSON.stringify(toText(object))
}

function revive(kind: string, value: Value): Datum {
  const datum: Datum = value
  if (kind === 'tuple' && isSequence(datum)) return tuple(datum)
  if (kind === 'map' && isSequence(datum)) return newDict(datum.map(entryOf))
  if (kind === 'undefined') return new Undefined(textOf(datum))
  if (kind === 'float') return floatOf(textOf(datum))
  if (kind === 'date') return new CalendarDate(Date.parse(textOf(datum)))
  if (kind === 'datetime') return dateOf(textOf(datum))
  if (kind === 'timedelta') return new TimeDelta(Number(datum))
  if (kind === 'object' && isSequence(datum)) {
    const [id, type, text, repr] = datum
    return new PythonObject(Number(id), {
      type: textOf(type),
      text: textOf(text),
      repr: textOf(repr),
    })
  }
  throw new SyntaxError(`there is no mark "${kind}"`)
}

function entryOf(entry: Datum): readonly [MapKey, Datum] {
  const [key = null, item = null] = isSequence(entry) ? entry : []
  if (key instanceof Float) return [key.value, item]
  return [typeof key === 'object' ? null : key, item]
}

function floatOf(word: string): number {
  return word === 'nan' ? Number.NaN : word === 'inf' ? Infinity : -Infinity
}

/** `2020-01-02T03:04:05.000006+01:00`. */
function dateOf(text: string): DateTime {
  const [, wall = '', fraction = '', sign, hours, minutes] =
    /^([\d-]+T[\d:]+)(?:\.(\d+))?(?:([+-])(\d\d):(\d\d))?/u.exec(text) ?? []
  const offset = Number(hours) * 60 + Number(minutes)
  return new DateTime(Date.parse(`${wall}Z`), {
    micros: Number(fraction.padEnd(6, '0').slice(0, 6)),
    ...(sign === undefined ? {} : { offsetMinutes: sign === '-' ? -offset : offset }),
  })
}

/** A text in a list or a field of an answer. */
export function textOf(datum: Datum | undefined): string {
  return typeof datum === 'string' ? datum : ''
}

/** A field of an answer. */
export function field(datum: Datum, name: string): Datum | undefined {
  return isDict(datum) ? datum.get(name) : undefined
}
