import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { baseDirOf, roleOf } from '../playbook/lineage.ts'
import type { Task } from '../playbook/playbook.ts'
import type { TaskFiles } from '../modules/module.ts'
import { candidates, searchPath } from '../vars/search-path.ts'

/** Finds the controller's files for a task. */
export function taskFiles(task: Task): TaskFiles {
  return {
    find: (folder, name) => findFile(task, folder, name),
    varsFolder: (name) => varsFolder(task, name),
  }
}

function varsFolder(task: Task, name: string): string {
  if (isAbsolute(name)) return name
  const role = roleOf(task)?.role.path
  if (role === undefined) return join(dirname(task.place.file), name)
  if (!/^vars(?:\/|$)/u.test(name)) return join(role, 'vars', name)
  const own = join(role, name)
  return existsSync(own) ? own : name
}

/** Folders that a task's files are searched in. */
export function taskSearchPath(task: Task): readonly string[] {
  return searchPath(task, baseDirOf(task))
}

function findFile(task: Task, folder: string, name: string): string {
  const found = candidates(name, { path: taskSearchPath(task), folder }).find((place) =>
    existsSync(place),
  )
  // A trailing slash means "the contents of" to copy, and path functions drop it.
  if (found !== undefined)
    return name.endsWith('/') && !found.endsWith('/') ? `${found}/` : normalize(found)
  throw notFound(name, isAbsolute(name) ? [] : searchedPlaces(task, folder, name))
}

/** As Ansible lists them: the playbook's folder is the last resort, also where it was the task's own before. */
function searchedPlaces(task: Task, folder: string, name: string): readonly string[] {
  const within = (base: string) => [`${base}/${folder}/${name}`, `${base}/${name}`]
  const baseDir = baseDirOf(task)
  const bases = taskSearchPath(task).flatMap((base) =>
    base.endsWith('/tasks') ? [dirname(base), base] : [base],
  )
  const isOwn = dirname(task.place.file) === baseDir
  return [...[...new Set(bases)].flatMap(within), ...(isOwn ? within(baseDir) : [])]
}

function notFound(name: string, places: readonly string[]): ErrandError {
  const searched = places.length === 0 ? '' : `\nSearched in:\n\t${places.join('\n\t')}`
  return new ErrandError(
    'not_found',
    `Could not find or access '${name}'${searched} on the Ansible Controller.\n` +
      'If you are using a module and expect the file to exist on the remote, see the remote_src option',
  )
}
