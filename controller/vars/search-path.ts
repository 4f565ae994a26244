import { dirname, isAbsolute } from 'node:path'
import { roleChain, taskFilesOf } from '../playbook/lineage.ts'
import type { Play, Task } from '../playbook/playbook.ts'
import type { SourceFiles } from '../yaml/source-files.ts'

/** Folders that a task's relative files are searched in, the first one first: its roles, its file, the playbook's. */
export function searchPath(node: Play | Task | undefined, playbookDir: string): readonly string[] {
  if (!node || node.kind === 'play') return [playbookDir]
  const roles = roleChain(node)
    .toReversed()
    .map((use) => use.role.path)
  const files = [...taskFilesOf(node), node.place.file]
    .filter(isAbsolute)
    .map((file) => dirname(file))
  return [...new Set([...roles, ...files, playbookDir])]
}

/**
 * The file that a task means by `name`: below `folder` (`files`, `templates`, `vars`) of each place of the search
 * path, or in the place itself. Undefined when it is nowhere.
 */
export function findFile(
  name: string,
  where: { readonly path: readonly string[]; readonly folder: string; readonly files: SourceFiles },
): string | undefined {
  return candidates(name, where).find(
    (path) => where.files.isFile(path) || where.files.isDirectory(path),
  )
}

/**
 * Every place that {@link findFile} looks at, in order. A `..` in the name stays in them, as Ansible has it: they are
 * shown, and a folder before it has to be there.
 */
export function candidates(
  name: string,
  where: { readonly path: readonly string[]; readonly folder: string },
): readonly string[] {
  if (isAbsolute(name)) return [name]
  return where.path.flatMap((base) => {
    // A task file's folder is `tasks`; what belongs to it lies beside that folder.
    const bases = base.endsWith('/tasks') ? [dirname(base), base] : [base]
    return bases.flatMap((one) => [`${one}/${where.folder}/${name}`, `${one}/${name}`])
  })
}
