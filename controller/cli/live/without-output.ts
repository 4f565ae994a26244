import { textEntries, newMap, type ValueMap } from '../../../proto/value.ts'
import type { RunEvent } from '../../../proto/run.ts'

const shownNames: ReadonlySet<string> = new Set([
  'stdout',
  'stdout_lines',
  'stderr',
  'stderr_lines',
])

/** The result of a success without the output that was shown while it was written. */
export function withoutOutput(event: RunEvent): RunEvent {
  const { body } = event
  if (body.kind !== 'host_result' && body.kind !== 'item_result') return event
  if (body.status !== 'ok' && body.status !== 'changed') return event
  return { ...event, body: { ...body, result: withoutNames(body.result) } }
}

function withoutNames(result: ValueMap): ValueMap {
  return newMap(textEntries(result).filter(([name]) => !shownNames.has(name)))
}
