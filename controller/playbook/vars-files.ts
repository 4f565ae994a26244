import { join } from 'node:path'
import { addAll, isMap, newMap } from '../../proto/value.ts'
import type { MutableMap, ValueMap } from '../../proto/value.ts'
import { ErrandError } from '../../proto/errors.ts'
import type { SourceFiles } from '../yaml/source-files.ts'

const extensions = ['.yml', '.yaml', '.json']

/**
 * The files that hold the variables or tasks `name` of a folder: `name` with a known extension, or all files of
 * the directory `name` and the directories in it. The first form that is there wins.
 *
 * @param order Extensions in the order to try them; `''` is the bare name.
 */
export function findNamedFiles(
  files: SourceFiles,
  base: string,
  options: { readonly order: readonly string[]; readonly isDirectoryAllowed: boolean },
): readonly string[] {
  for (const extension of options.order) {
    const path = base + extension
    if (files.isFile(path)) return [path]
    if (extension === '' && options.isDirectoryAllowed && files.isDirectory(path)) {
      return filesBelow(files, path)
    }
  }
  return []
}

function filesBelow(files: SourceFiles, folder: string): readonly string[] {
  return files.list(folder).flatMap((name) => {
    const path = join(folder, name)
    const isIgnored = name.startsWith('.') || name.endsWith('~')
    if (isIgnored) return []
    if (files.isDirectory(path)) return filesBelow(files, path)
    return /\.[^.]+$/u.test(name) && !extensions.some((one) => name.endsWith(one)) ? [] : [path]
  })
}

/**
 * A file of variables; an empty one has none.
 *
 * @throws {ErrandError} `syntax` when it holds something else.
 */
export function readVarsFile(files: SourceFiles, path: string): ValueMap {
  const { value } = files.parse(path)
  if (value === null) return newMap()
  if (isMap(value)) return value
  throw new ErrandError(
    'syntax',
    `${path}:1:1: a file of variables is a mapping of names to values`,
  )
}

/** Several files of variables, the later one winning, maps replaced whole. */
export function readVarsFiles(files: SourceFiles, paths: readonly string[]): MutableMap {
  const vars = newMap()
  for (const path of paths) addAll(vars, readVarsFile(files, path))
  return vars
}
