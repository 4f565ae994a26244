import { readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { addAll, mapOf, isList, newMap, type Value } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { answer, failure, type ControllerCall, type ControllerModule } from './module.ts'

/** Reads variables out of a file or a folder of files of the controller's. */
export const includeVars: ControllerModule = {
  kind: 'controller',
  name: 'include_vars',
  isFreeForm: true,
  options: {
    file: { type: 'str' },
    dir: { type: 'str' },
    name: { type: 'str' },
    depth: { type: 'int', default: 0 },
    files_matching: { type: 'str' },
    ignore_files: { type: 'list', default: [] },
    ignore_unknown_extensions: { type: 'bool', default: false },
    extensions: { type: 'list', default: ['json', 'yaml', 'yml'] },
    hash_behaviour: { type: 'str' },
  },
  run: async (call) => {
    const { args } = call
    const dir = args.get('dir')
    const files = dir === undefined ? oneFile(call) : folder(call, textOf(dir))
    if (files === undefined) return failure('include_vars needs file or dir')
    const vars = newMap()
    for (const path of files) addAll(vars, call.runOn.readVars(path))
    const name = args.get('name')
    const named = name === undefined ? vars : newMap([[textOf(name), vars]])
    call.runOn.includeVars(named)
    return answer(
      mapOf({ changed: false, ansible_facts: named, ansible_included_var_files: [...files] }),
    )
  },
}

function oneFile(call: ControllerCall): readonly string[] | undefined {
  const name = call.freeForm ?? call.args.get('file')
  if (name === undefined || name === null) return undefined
  return [call.files.find('vars', textOf(name).trim())]
}

function folder(call: ControllerCall, name: string): readonly string[] {
  const { args } = call
  const pattern = args.get('files_matching')
  const matching = pattern === undefined ? undefined : new RegExp(textOf(pattern), 'u')
  const ignored = texts(args.get('ignore_files')).map((pattern) => new RegExp(pattern, 'u'))
  const extensions = new Set(texts(args.get('extensions')))
  return filesBelow(call.files.find('vars', name), Number(args.get('depth')) || Infinity).filter(
    (path) => {
      const base = path.slice(path.lastIndexOf('/') + 1)
      if (ignored.some((pattern) => pattern.test(base))) return false
      if (matching && !matching.test(base)) return false
      return extensions.has(extname(base).slice(1))
    },
  )
}

function texts(value: Value | undefined): readonly string[] {
  return isList(value) ? value.map(textOf) : []
}

function filesBelow(path: string, depth: number): readonly string[] {
  if (depth <= 0) return []
  const names = readdirSync(path).toSorted()
  const paths = names.map((name) => join(path, name))
  const files = paths.filter((one) => statSync(one).isFile())
  const folders = paths.filter((one) => statSync(one).isDirectory())
  return [...files, ...folders.flatMap((one) => filesBelow(one, depth - 1))]
}
