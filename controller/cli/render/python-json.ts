import { jsonKey } from '../../../proto/json-text.ts'
import { Float, floatText, isList, isMap, isMoment, newMap } from '../../../proto/value.ts'
import type { MapKey, Value, ValueMap } from '../../../proto/value.ts'
import { pythonRepr } from './python-text.ts'

/**
 * A value as Ansible prints it: by Python's `json.dumps` with sorted keys, letters beyond ASCII as they are. Where a map
 * in it has keys that have no order (80 and 'a'), only the outermost is sorted, as text, and the others are left alone.
 *
 * @param indent Blanks a level; without it all is on one line. 0 starts a new line for each part, as Python's does.
 */
export function dumpJson(value: Value, indent?: number): string {
  const isSorted = isSortable(value)
  const whole = isMap(value) && !isSorted ? sortedAsText(value) : value
  return dump(whole, { indent, level: 0, isSorted })
}

interface Place {
  readonly indent: number | undefined
  readonly level: number
  readonly isSorted: boolean
}

function dump(value: Value, place: Place): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatText(value)
  if (value instanceof Float) return floatText(value.value)
  if (isList(value)) {
    const items = value.map((part) => dump(part, inner(place)))
    return bracketed('[]', items, place)
  }
  if (isMap(value)) {
    const entries = place.isSorted
      ? [...value].toSorted(([a], [b]) => compareKeys(a, b))
      : [...value]
    const texts = entries.map(
      ([key, part]) => `${JSON.stringify(jsonKey(key))}: ${dump(part, inner(place))}`,
    )
    return bracketed('{}', texts, place)
  }
  return isMoment(value) ? JSON.stringify(value.isoText()) : String(value)
}

/** Python orders texts among themselves, and numbers and booleans; nothing else. */
function isSortable(value: Value): boolean {
  if (isList(value)) return value.every(isSortable)
  if (!isMap(value)) return true
  const kinds = new Set(Array.from(value.keys(), kindOf))
  const hasOrder = kinds.size < 2 && (!kinds.has('none') || value.size < 2)
  return hasOrder && [...value.values()].every(isSortable)
}

function kindOf(key: MapKey): 'text' | 'number' | 'none' {
  if (key === null) return 'none'
  return typeof key === 'string' ? 'text' : 'number'
}

function compareKeys(a: MapKey, b: MapKey): number {
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b)
  return Number(a) - Number(b)
}

function sortedAsText(map: ValueMap): ValueMap {
  return newMap([...map].toSorted(([a], [b]) => compareCodePoints(pythonRepr(a), pythonRepr(b))))
}

function inner(place: Place): Place {
  return { ...place, level: place.level + 1 }
}

function bracketed(
  brackets: '[]' | '{}',
  parts: readonly string[],
  { indent, level }: Place,
): string {
  const [open, close] = brackets
  if (parts.length === 0) return brackets
  if (indent === undefined) return `${open}${parts.join(', ')}${close}`
  const margin = `\n${' '.repeat(indent * (level + 1))}`
  return `${open}${margin}${parts.join(`,${margin}`)}\n${' '.repeat(indent * level)}${close}`
}

/** Python orders text by code points, JavaScript by halves of UTF-16. */
function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
