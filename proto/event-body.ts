import { parseRecord, stringifyRecord } from './json-text.ts'
import type { RunEventBody } from './run.ts'
import { isList, isMap, type Value, type ValueMap } from './value.ts'

/** What an event says, as it is recorded and sent. */
export function eventBodyText(body: RunEventBody): string {
  return stringifyRecord(body)
}

/**
 * Reads what {@link eventBodyText} wrote, in any version of errand.
 *
 * @throws {SyntaxError} when it is no JSON.
 */
export function eventBodyFrom(text: string): RunEventBody {
  const body = parseRecord(text)
  return (isMap(body) ? bodyOfFirstVersion(body) : body) as RunEventBody
}

/** Once objects of ours were written like maps of the language: these are the fields that hold any value. */
const valueFields: ReadonlySet<unknown> = new Set(['result', 'label', 'custom'])

function bodyOfFirstVersion(body: ValueMap): unknown {
  const fields = [...body].map(([name, value]) => [
    name,
    valueFields.has(name) ? value : ourObject(value),
  ])
  return Object.fromEntries(fields)
}

function ourObject(value: Value): unknown {
  if (isList(value)) return value.map(ourObject)
  if (!isMap(value)) return value
  return Object.fromEntries([...value].map(([name, item]) => [name, ourObject(item)]))
}
