import { ErrandError } from '../../proto/errors.ts'
import { addAll, isMap, mapOf, type MutableMap, newMap, type ValueMap } from '../../proto/value.ts'
import { mergeMaps } from '../vars/merge-maps.ts'
import { textOf } from './arguments.ts'
import { answer, type Answer, type ControllerCall, type ControllerModule } from './module.ts'
import { filesOfFolder } from './vars-of-folder.ts'

/** Options of a folder; those of a file are `file` and free text. */
const OF_A_FOLDER = [
  'dir',
  'depth',
  'files_matching',
  'ignore_files',
  'extensions',
  'ignore_unknown_extensions',
]
/** Reads variables out of a file or a folder of files of the controller's. */
export const includeVars: ControllerModule = {
  kind: 'controller',
  name: 'include_vars',
  isFreeForm: true,
  refuses: ([name = '']) => `${name} is not a valid option in include_vars`,
  options: {
    file: { type: 'str' },
    dir: { type: 'str' },
    name: { type: 'str' },
    depth: { type: 'int', default: 0 },
    files_matching: { type: 'str' },
    ignore_files: { type: 'raw', default: [] },
    ignore_unknown_extensions: { type: 'bool', default: false },
    extensions: { type: 'raw', default: ['yaml', 'yml', 'json'] },
    hash_behaviour: { type: 'str' },
  },
  run: async (call) => {
    const isOfFile = call.freeForm !== undefined || call.rawArgs.has('file')
    if (isOfFile && OF_A_FOLDER.some((name) => call.rawArgs.has(name))) {
      throw new ErrandError(
        'invalid',
        'You are mixing file only and dir only arguments, these are incompatible',
      )
    }
    const dir = call.args.get('dir')
    return dir === undefined ? ofFile(call) : ofFolder(call, textOf(dir))
  },
}

interface Read {
  readonly vars: MutableMap
  readonly files: readonly string[]
  readonly problem?: string
}

function ofFile(call: ControllerCall): Answer {
  const name = call.freeForm ?? call.args.get('file')
  if (name === undefined) throw new ErrandError('invalid', 'include_vars needs file or dir')
  return concluded(
    call,
    readFile(call, () => call.files.find('vars', textOf(name).trim())),
  )
}

function ofFolder(call: ControllerCall, name: string): Answer {
  const whole = newMap()
  const files: string[] = []
  for (const folder of filesOfFolder(call.files.varsFolder(name), call.args)) {
    const own = newMap()
    for (const file of folder) {
      const read =
        'path' in file
          ? readFile(call, () => file.path)
          : { vars: newMap(), files: [], problem: file.problem }
      files.push(...read.files)
      // what was read of this folder so far is not taken
      if (read.problem !== undefined) {
        return concluded(call, { vars: whole, files, problem: read.problem })
      }
      addAll(own, read.vars)
    }
    addAll(whole, own)
  }
  return concluded(call, { vars: whole, files })
}

function readFile(call: ControllerCall, find: () => string): Read {
  try {
    const path = find()
    const vars = call.runOn.readVars(path)
    if (isMap(vars)) return { vars: newMap(vars), files: [path] }
    const problem = `${path} must be stored as a dictionary/hash`
    return { vars: newMap(), files: [], problem }
  } catch (error) {
    if (!(error instanceof ErrandError) || error.code === 'internal') throw error
    return { vars: newMap(), files: [], problem: error.message }
  }
}

function concluded(call: ControllerCall, { vars, files, problem }: Read): Answer {
  const { args } = call
  const name = args.get('name')
  const named = name === undefined ? vars : newMap([[textOf(name), vars]])
  const facts = args.get('hash_behaviour') === 'merge' ? merged(call, named) : named
  if (problem === undefined) call.runOn.includeVars(facts)
  const result = { ansible_included_var_files: [...files], ansible_facts: facts }
  if (problem === undefined) return answer(mapOf(result))
  return answer(mapOf({ ...result, failed: true, message: problem }))
}

function merged(call: ControllerCall, vars: ValueMap): ValueMap {
  const entries = Array.from(vars, ([key, value]) => {
    const before = typeof key === 'string' ? call.runOn.known(key) : undefined
    return [key, isMap(before) && isMap(value) ? mergeMaps(before, value) : value] as const
  })
  return newMap(entries)
}
