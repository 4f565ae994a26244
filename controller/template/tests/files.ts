import { define } from '../define.ts'
import type { FilePort } from '../file-port.ts'
import { toText } from '../python/text.ts'
import type { Definition, Table } from '../registry.ts'

function onPath(holds: (path: string, files: FilePort) => boolean): Definition<boolean> {
  return define('', (value, _args, { world: { files } }) => holds(toText(value), files))
}

const directory = onPath((path, files) => files.stat(path)?.kind === 'directory')
const file = onPath((path, files) => files.stat(path)?.kind === 'file')
const link = onPath((path, files) => files.isLink(path))
const absolute = onPath((path) => path.startsWith('/'))
const mount = onPath((path, files) => files.isMount(path))
const sameFile: Definition<boolean> = define(
  'other',
  (value, [other = ''], { world: { files } }) => {
    const left = files.stat(toText(value))
    return left !== undefined && left.identity === files.stat(toText(other))?.identity
  },
)

/** Tests of a path on the controller. */
export const fileTests: Table<boolean> = {
  directory,
  is_dir: directory,
  file,
  is_file: file,
  link,
  is_link: link,
  exists: onPath((path, files) => files.stat(path) !== undefined),
  link_exists: onPath((path, files) => files.stat(path) !== undefined || files.isLink(path)),
  abs: absolute,
  is_abs: absolute,
  mount,
  is_mount: mount,
  same_file: sameFile,
  is_same_file: sameFile,
}
