import { Float, floatText, isList, isMap, type Value } from '../../../proto/value.ts'

/**
 * A value as Python's `json.dumps` writes it with sorted keys and letters beyond ASCII as they are.
 *
 * @param indent Blanks a level; without it all is on one line. 0 starts a new line for each part, as Python's does.
 */
export function dumpJson(value: Value, indent?: number): string {
  return dump(value, { indent, level: 0 })
}

interface Place {
  readonly indent: number | undefined
  readonly level: number
}

function dump(value: Value, place: Place): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatText(value)
  if (value instanceof Float) return floatText(value.value)
  if (isList(value))
    return bracketed(
      '[]',
      value.map((part) => dump(part, inner(place))),
      place,
    )
  if (isMap(value)) {
    const entries = Object.entries(value)
      .toSorted(([a], [b]) => compareCodePoints(a, b))
      .map(([key, part]) => `${JSON.stringify(key)}: ${dump(part, inner(place))}`)
    return bracketed('{}', entries, place)
  }
  return String(value)
}

function inner({ indent, level }: Place): Place {
  return { indent, level: level + 1 }
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
