import { parseJson, stringifyJson } from '../../proto/json-text.ts'
import { isMap, newMap, type ValueMap } from '../../proto/value.ts'
import type { Ask, Finished } from './module.ts'
import { outputText } from './output-text.ts'

/** Asks for one of the agent's own operations; its result is the JSON that it prints. */
export function askOperation(operation: string, args: ValueMap): Ask {
  return {
    kind: 'ask',
    work: { kind: 'operation', operation, argsJson: stringifyJson(args) },
    reading: { kind: 'operation', operation },
  }
}

/** What an operation printed. */
export function operationResult(operation: string, end: Finished): ValueMap {
  const stdout = outputText(end.stdout)
  const stderr = outputText(end.stderr).trim()
  const result = mapFrom(stdout)
  if (result) {
    const failed = end.report.state.kind === 'failed' && !result.has('failed')
    return failed ? newMap([...result, ['failed', true]]) : result
  }
  return newMap([
    ['changed', false],
    ['failed', true],
    ['msg', stderr === '' ? `the operation ${operation} gave no result` : stderr],
    ['module_stdout', stdout],
    ['module_stderr', stderr],
  ])
}

function mapFrom(text: string): ValueMap | undefined {
  try {
    const value = parseJson(text)
    return isMap(value) ? value : undefined
  } catch {
    return undefined // told by the caller, with what came instead
  }
}
