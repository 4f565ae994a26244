/** Values of the playbook language as JSON text, and back. JSON.parse would put keys that are whole numbers first. */
import { readJson } from './read-json.ts'
import { Float, type MapKey, type MutableMap, type Value, floatText, isMoment } from './value.ts'

/**
 * Reads JSON text into a {@link Value}: keys in their order, `1.0` as a Float, integers beyond 2^53 as bigint.
 *
 * @throws {SyntaxError} as `JSON.parse` does.
 */
export function parseJson(text: string): Value {
  return readJson(text, { keyOf: (key) => key, objectOf: (map) => map, maxDepth }) as Value
}

/**
 * Compact JSON text of a {@link Value}, or of an object of ours that holds some. A key that is no text is written as
 * Python's `json.dumps` writes it (`80` as `"80"`), and so read back as text.
 */
export function stringifyJson(value: unknown): string {
  return written(value, json) ?? 'null'
}

/**
 * The same for a text that only errand reads: {@link parseRecord} gives every key its type again, and tells objects of
 * ours from maps of the language.
 */
export function stringifyRecord(value: unknown): string {
  return written(value, record) ?? 'null'
}

/**
 * Reads what {@link stringifyRecord} wrote.
 *
 * @throws {SyntaxError} as `JSON.parse` does.
 */
export function parseRecord(text: string): unknown {
  return readJson(text, { keyOf: keyOfRecord, objectOf: objectOfRecord, maxDepth: 2 * maxDepth })
}

/** A key as Python's `json.dumps` writes it. */
export function jsonKey(key: MapKey): string {
  if (typeof key === 'string') return key
  return typeof key === 'number' && !Number.isInteger(key) ? floatText(key) : String(key)
}

/** Of what comes from outside; about as deep as Python reads. A record has such values inside others. */
const maxDepth = 900

interface Style {
  readonly keyText: (key: MapKey) => string
  /** What an object of ours begins with. */
  readonly ours: readonly string[]
}

/** In a record: a key of objects of ours; and what stands before a key of a map that is JSON itself, being no text. */
const mark = '\0'

/** What the mark of objects of ours is read as: no key of a map is, since a record writes NaN as null. */
const oursAlone = Number.NaN

const json: Style = { keyText: jsonKey, ours: [] }
const record: Style = { keyText: recordKey, ours: [`${JSON.stringify(mark)}:1`] }

function recordKey(key: MapKey): string {
  if (typeof key !== 'string') return `${mark}${numberOrWord(key)}`
  return key.startsWith(mark) ? `${mark}${JSON.stringify(key)}` : key
}

function keyOfRecord(text: string): MapKey {
  if (text === mark) return oursAlone
  if (!text.startsWith(mark)) return text
  const key = parseJson(text.slice(mark.length))
  return typeof key === 'object' ? null : key
}

function objectOfRecord(map: MutableMap): unknown {
  return map.delete(oursAlone) ? Object.fromEntries(map) : map
}

function written(part: unknown, style: Style): string | undefined {
  if (typeof part === 'string') return JSON.stringify(part)
  if (part === null || typeof part === 'boolean') return String(part)
  if (typeof part === 'number' || typeof part === 'bigint') return numberOrWord(part)
  if (typeof part !== 'object') return undefined
  if (part instanceof Float) return Number.isFinite(part.value) ? floatText(part.value) : 'null'
  if (isMoment(part)) return JSON.stringify(part.isoText())
  if (Array.isArray(part)) {
    return `[${part.map((item: unknown) => written(item, style) ?? 'null').join(',')}]`
  }
  return part instanceof Map ? mapText(part, style) : ourText(part, style)
}

function mapText(map: ReadonlyMap<MapKey, unknown>, style: Style): string {
  const texts: string[] = []
  for (const [key, item] of map) {
    texts.push(`${JSON.stringify(style.keyText(key))}:${written(item, style) ?? 'null'}`)
  }
  return `{${texts.join(',')}}`
}

function ourText(fields: object, style: Style): string {
  const texts = [...style.ours]
  for (const [name, item] of Object.entries(fields)) {
    const text = written(item, style)
    if (text !== undefined) texts.push(`${JSON.stringify(name)}:${text}`)
  }
  return `{${texts.join(',')}}`
}

function numberOrWord(part: null | boolean | number | bigint): string {
  if (typeof part !== 'number' || Number.isFinite(part)) return String(part)
  // JSON has no infinity, but numbers that are read as one
  return Number.isNaN(part) ? 'null' : part > 0 ? '1e999' : '-1e999'
}
