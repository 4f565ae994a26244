import { parseJson, stringifyJson } from '../../../proto/json-text.ts'
import type { RunEvent } from '../../../proto/run.ts'
import { isMap } from '../../../proto/value.ts'
import { localTime } from '../durations.ts'
import { dumpJson } from '../render/python-json.ts'

/** Everything that was recorded of an event, for people. */
export function eventText({ seq, atMs, body }: RunEvent): string {
  const { kind, ...rest } = body
  const at = `${localTime(atMs)}.${String(atMs % 1000).padStart(3, '0')}`
  const heading = `#${seq} ${at} ${kind}\n`
  const fields = parseJson(stringifyJson(rest))
  if (isMap(fields) && fields.size === 0) return heading
  return `${heading}${dumpJson(fields, 4).replaceAll(/^/gmu, '  ')}\n`
}
