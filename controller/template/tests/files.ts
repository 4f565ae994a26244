import { define } from '../define.ts'
import type { FilePort } from '../file-port.ts'
import type { Datum } from '../python/datum.ts'
import { isInteger } from '../python/number.ts'
import { pathText } from '../python/path-text.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { pythonRepr } from '../python/text.ts'
import { typeName } from '../python/types.ts'
import type { Definition, Table } from '../registry.ts'

function onPath(
  holds: (path: string, files: FilePort) => boolean,
  read: (value: Datum) => string = asked('lstat', false),
): Definition<boolean> {
  return define('', (value, _args, { world: { files } }) => holds(read(value), files))
}

/** A path for Python's `stat`, which also takes the number of an open file, and `lstat`, which does not. */
function asked(name: 'stat' | 'lstat', takesNumbers: boolean): (value: Datum) => string {
  return (value) => {
    if (typeof value === 'string') return value
    if (takesNumbers && isInteger(value)) return `/proc/self/fd/${Number(value)}`
    const wanted = takesNumbers
      ? 'string, bytes, os.PathLike or integer'
      : 'string, bytes or os.PathLike'
    throw typeError(`${name}: path should be ${wanted}, not ${typeName(value)}`)
  }
}

const found = asked('stat', true)

const directory = onPath((path, files) => files.stat(path)?.kind === 'directory', found)
const file = onPath((path, files) => files.stat(path)?.kind === 'file', found)
const link = onPath((path, files) => files.isLink(path))
const absolute = onPath((path) => path.startsWith('/'), pathText)
const mount = onPath((path, files) => files.isMount(path), pathText)
const sameFile: Definition<boolean> = define(
  'other',
  (value, [other = ''], { world: { files } }) => {
    const [left = missing(value), right = missing(other)] = [value, other].map((path) =>
      files.stat(found(path)),
    )
    return left.identity === right.identity
  },
)

function missing(path: Datum): never {
  throw new PythonError(
    'FileNotFoundError',
    `[Errno 2] No such file or directory: ${pythonRepr(path)}`,
  )
}

/** Tests of a path on the controller. */
export const fileTests: Table<boolean> = {
  directory,
  is_dir: directory,
  file,
  is_file: file,
  link,
  is_link: link,
  exists: onPath((path, files) => files.stat(path) !== undefined, found),
  link_exists: onPath((path, files) => files.stat(path) !== undefined || files.isLink(path)),
  abs: absolute,
  is_abs: absolute,
  mount,
  is_mount: mount,
  same_file: sameFile,
  is_same_file: sameFile,
}
