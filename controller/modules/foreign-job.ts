import { isFinal } from '../../proto/job.ts'
import { parseJson } from '../../proto/json-text.ts'
import { mapOf, isMap, type ValueMap } from '../../proto/value.ts'
import type { Finished } from './module.ts'
import { outputText } from './output-text.ts'
import { exitCodeOfProgram } from './program.ts'
import { duration, localTime } from './times.ts'

/**
 * How the end of a job that another run started becomes a result: what is known of it is its output. Operations of the
 * agent print their result as one JSON object on their standard output.
 */
export function foreignResult(name: string, end: Finished): ValueMap {
  const stdout = outputText(end.stdout).replace(/[\r\n]+$/u, '')
  const { state } = end.report
  const [startedAtMs, endedAtMs] = isFinal(state) ? [state.startedAtMs, state.endedAtMs] : [0, 0]
  const rc = exitCodeOfProgram(end)
  return (
    operationResult(stdout) ??
    mapOf({
      changed: true,
      cmd: name,
      rc,
      start: localTime(startedAtMs),
      end: localTime(endedAtMs),
      delta: duration(endedAtMs - startedAtMs),
      stdout,
      stderr: outputText(end.stderr).replace(/[\r\n]+$/u, ''),
      msg: rc === 0 ? '' : 'non-zero return code',
      ...(rc === 0 ? {} : { failed: true }),
    })
  )
}

function operationResult(stdout: string) {
  if (!stdout.startsWith('{') || !stdout.endsWith('}')) return undefined
  try {
    const value = parseJson(stdout)
    return isMap(value) && typeof value.get('changed') === 'boolean' ? value : undefined
  } catch {
    return undefined // not JSON: a program's own output
  }
}
