import { parseJson, stringifyJson } from '../../proto/json-text.ts'
import type { JobWork } from '../../proto/job.ts'
import { isMap, newMap, without, type ValueMap } from '../../proto/value.ts'
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

/** Whether an operation is about a path that begins in the folder that it is started in. */
export function isAboutRelativePath(work: JobWork): boolean {
  if (work.kind !== 'operation') return false
  const args = mapFrom(work.argsJson) ?? newMap()
  // What a symbolic link says is no path of the one who makes it.
  const names = work.operation === 'file' && args.get('state') !== 'hard' ? ['path'] : pathNames
  return names.some((name) => {
    const path = args.get(name)
    return typeof path === 'string' && path !== '' && !/^[/~$]/u.test(path)
  })
}

const pathNames = ['path', 'dest', 'src']

/** What an operation printed. */
export function operationResult(operation: string, end: Finished): ValueMap {
  const stdout = outputText(end.stdout)
  const stderr = outputText(end.stderr).trim()
  const result = mapFrom(stdout)
  if (result) {
    const failed = end.report.state.kind === 'failed' && !result.has('failed')
    return asModule(operation, failed ? newMap([...result, ['failed', true]]) : result)
  }
  return newMap([
    ['changed', false],
    ['failed', true],
    ['msg', stderr === '' ? `the operation ${operation} gave no result` : stderr],
    ['module_stdout', stdout],
    ['module_stderr', stderr],
  ])
}

/** Whose modules do not say whether they changed anything; an operation always does, which tells its JSON from a program's. */
const saysNothing: ReadonlySet<string> = new Set(['ping', 'setup', 'slurp', 'wait_for'])

/** The same as Ansible's module says it: what it does not say of itself is put at the end of every result. */
function asModule(operation: string, result: ValueMap): ValueMap {
  const isSilent = saysNothing.has(operation) || result.get('failed') === true
  return isSilent && result.get('changed') === false ? without(result, ['changed']) : result
}

function mapFrom(text: string): ValueMap | undefined {
  try {
    const value = parseJson(text)
    return isMap(value) ? value : undefined
  } catch {
    return undefined // told by the caller, with what came instead
  }
}
