import { Undefined } from '../scope.ts'
import { type Datum, type DatumMap, Tuple, isDict, isSequence } from './datum.ts'
import { sorted } from './sorted.ts'
import { PythonError } from './python-error.ts'
import { pythonRepr } from './text.ts'

const WIDTH = 80

/** Python's `pprint.pformat`: keys in order, and what is too long for a line on several. */
export function prettyText(datum: Datum): string {
  return laid(datum, 0, 0)
}

/** `datum`, begun at column `indent` with `room` characters kept free behind it. */
function laid(datum: Datum, indent: number, room: number): string {
  const short = inOneLine(datum)
  if (short.length <= WIDTH - indent - room) return short
  if (isDict(datum)) return laidMap(datum, indent, room)
  if (isSequence(datum)) return laidList(datum, indent, room)
  return short
}

function laidMap(map: DatumMap, indent: number, room: number): string {
  const entries = sortedEntries(map)
  const parts = entries.map(([key, value], place) => {
    const name = `${inOneLine(key)}: `
    const isLast = place === entries.length - 1
    return name + laid(value, indent + 1 + name.length, isLast ? room + 1 : 1)
  })
  return `{${parts.join(`,\n${' '.repeat(indent + 1)}`)}}`
}

function laidList(list: readonly Datum[], indent: number, room: number): string {
  const [open, close] = list instanceof Tuple ? ['(', list.length === 1 ? ',)' : ')'] : ['[', ']']
  const items = Array.from(list, (item, place) =>
    laid(item, indent + 1, place === list.length - 1 ? room + close.length : 1),
  )
  return open + items.join(`,\n${' '.repeat(indent + 1)}`) + close
}

function inOneLine(datum: Datum): string {
  if (datum instanceof Undefined) return 'AnsibleUndefined'
  if (isDict(datum)) {
    const parts = sortedEntries(datum).map(
      ([key, value]) => `${inOneLine(key)}: ${inOneLine(value)}`,
    )
    return `{${parts.join(', ')}}`
  }
  if (!isSequence(datum)) return pythonRepr(datum)
  const items = Array.from(datum, inOneLine)
  if (!(datum instanceof Tuple)) return `[${items.join(', ')}]`
  return items.length === 1 ? `(${items[0] ?? ''},)` : `(${items.join(', ')})`
}

/** By key; keys that have no order stay as they are. */
function sortedEntries(map: DatumMap): readonly (readonly [Datum, Datum])[] {
  const entries = [...map]
  try {
    const keys = sorted(entries.map(([key]) => key))
    return keys.map((key) => entries.find(([name]) => name === key) ?? [key, null])
  } catch (error) {
    if (error instanceof PythonError) return entries
    throw error
  }
}
