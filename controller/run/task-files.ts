import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import type { Task } from '../playbook/playbook.ts'
import type { TaskFiles } from '../modules/module.ts'
import { baseDirOf, lineage, taskFilesOf } from '../playbook/lineage.ts'

/** Finds the controller's files for a task. */
export function taskFiles(task: Task): TaskFiles {
  return {
    find: (folder, name) => findFile(searchPath(task), folder, name),
  }
}

/**
 * Folders that a task's files are searched in: the role and its tasks folder, and the roles that brought it in, the
 * nearest first; then the folder of the task's own file; last the playbook's.
 */
export function searchPath(task: Task): readonly string[] {
  const folders: string[] = []
  for (const node of lineage(task)) {
    if (node.kind === 'role') folders.push(node.role.path, join(node.role.path, 'tasks'))
  }
  folders.push(
    ...taskFilesOf(task).map((file) => dirname(file)),
    dirname(task.place.file),
    baseDirOf(task),
  )
  return [...new Set(folders)]
}

function findFile(folders: readonly string[], kind: string, name: string): string {
  if (isAbsolute(name)) {
    if (existsSync(name)) return name
    throw notFound(name, [name])
  }
  const places = folders.flatMap((folder) => [join(folder, kind, name), join(folder, name)])
  const found = places.find((place) => existsSync(place))
  // A trailing slash means "the contents of" to copy, and path functions drop it.
  if (found !== undefined) return name.endsWith('/') ? `${resolve(found)}/` : normalize(found)
  throw notFound(name, [...new Set(places)])
}

function notFound(name: string, places: readonly string[]): ErrandError {
  return new ErrandError(
    'not_found',
    `Could not find or access '${name}'\nSearched in:\n\t${places.join('\n\t')} on the Ansible Controller.\n` +
      'If you are using a module and expect the file to exist on the remote, see the remote_src option',
  )
}
