import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { SourceFiles } from '../yaml/source-files.ts'
import { joinAsWritten } from './join-as-written.ts'
import { baseDirOf, lineage, roleOf, taskFilesOf } from './lineage.ts'
import type { ParentNode, RoleUse } from './playbook.ts'

/** A file of tasks that is wanted. */
export interface WantedTasks {
  /** As the import or include names it, filled in. */
  readonly name: string
  readonly parent: ParentNode
  readonly role: RoleUse | undefined
  readonly isHandler: boolean
}

/**
 * Where a file of tasks is. Ansible walks up the imports and includes around and puts together the folders that these
 * were written with: so in a role an include finds what lies in its folder of tasks before what lies beside the including
 * file, while an import finds the neighbour first.
 */
export function findTaskFile(wanted: WantedTasks, files: SourceFiles): string | undefined {
  return candidates(wanted, files).find((path) => files.isFile(path))
}

/** Every place that is looked at, in order. */
function candidates(wanted: WantedTasks, files: SourceFiles): readonly string[] {
  const { name, parent } = wanted
  if (isAbsolute(name)) return [name]
  const search = new Search(wanted, files)
  // Beside the files that brought this in: what Ansible would not find is found here at last.
  const beside = taskFilesOf(parent).map((file) => resolve(dirname(file), name))
  return [...search.around(), ...search.plain(), ...beside]
}

class Search {
  readonly #wanted: WantedTasks
  readonly #files: SourceFiles
  readonly #baseDir: string
  readonly #role: string | undefined
  readonly #folder: string

  constructor(wanted: WantedTasks, files: SourceFiles) {
    this.#wanted = wanted
    this.#files = files
    this.#baseDir = baseDirOf(wanted.parent)
    this.#role = (wanted.role ?? roleOf(wanted.parent))?.role.path
    this.#folder = wanted.isHandler ? 'handlers' : 'tasks'
  }

  /** By way of the imports and includes around, the nearest first. */
  *around(): Iterable<string> {
    const { name, parent } = this.#wanted
    const isDynamic = parent.kind === 'task'
    let path: string | undefined
    for (const folder of foldersAround(parent, isDynamic)) {
      path = path === undefined ? folder : joined(folder, path)
      if (this.#role === undefined) yield* this.#below(this.#baseDir, path, name)
      else {
        if (isDynamic) yield* this.#below(this.#role, 'tasks', name)
        const folderOfTasks = isDynamic ? 'tasks' : this.#folder
        yield* this.#below(joined(join(this.#role, folderOfTasks), path), folderOfTasks, name)
      }
    }
  }

  /** As where nothing is around. */
  *plain(): Iterable<string> {
    const { name } = this.#wanted
    if (this.#role !== undefined) yield* this.#below(this.#role, this.#folder, name)
    yield join(this.#baseDir, name)
  }

  *#below(path: string, folder: string, name: string): Iterable<string> {
    const isRole = path === this.#role || this.#looksLikeRole(path)
    const base = isRole && /(?:^|\/)tasks\/?$/u.test(path) ? join(path, '..') : path
    yield joinAsWritten(path, folder, name) // told as it is
    yield joined(base, joined(folder, name))
    if (isRole && !name.endsWith(folder)) yield join(base, 'tasks', name)
    yield join(base, name)
    yield joined(this.#baseDir, joined(folder, name))
    yield join(this.#baseDir, name)
  }

  #looksLikeRole(path: string): boolean {
    const has = (...parts: readonly string[]) =>
      ['main.yml', 'main.yaml', 'main'].some((main) =>
        this.#files.isFile(join(path, ...parts, main)),
      )
    if (/(?:^|\/)tasks\/?$/u.test(path) && has()) return true
    return has('tasks') || has('meta') || has('..', 'tasks') || has('..', 'meta')
  }
}

/** The folders that imports and includes around were written with; a role ends the way, or is its folder. */
function* foldersAround(parent: ParentNode, isDynamic: boolean): Iterable<string> {
  for (const node of lineage(parent)) {
    if (node.kind === 'block' && node.fileName !== undefined) yield dirname(node.fileName)
    if (node.kind !== 'role') continue
    const isOfRole = node.parent.kind === 'role' && node.parent.dependencies.includes(node)
    const isOfPlay = node.parent.kind === 'play' && node.parent.roles.includes(node)
    if (!isDynamic || isOfRole || isOfPlay) return
    yield node.role.path
  }
}

/** As Python joins paths: an absolute one stands alone. */
function joined(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path)
}
