import { homedir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { LoaderOptions } from './load-session.ts'
import type { RolePlace } from './role-folder.ts'

export interface RoleSearch {
  /** Folder of the playbook. */
  readonly baseDir: string
  /** The role that asks, if one does: its neighbours are searched too. */
  readonly parentRolePath: string | undefined
  /** Collections to search first: the `collections` keyword, and the asking role's own. */
  readonly collections: readonly string[]
}

/** Finds a role's folder: in collections, `roles/` beside the playbook, the roles path, beside the asking role, or as a path. */
export function findRole(
  name: string,
  search: RoleSearch,
  options: LoaderOptions,
): RolePlace | { readonly searched: readonly string[] } {
  const inCollection = findInCollections(name, search, options)
  if (inCollection) return inCollection
  const { files } = options
  const searched = [
    join(search.baseDir, 'roles'),
    ...options.rolesPath,
    ...(search.parentRolePath === undefined ? [] : [dirname(search.parentRolePath)]),
    search.baseDir,
  ]
  for (const folder of searched) {
    const path = resolve(folder, name)
    if (files.isDirectory(path)) return { name: nameOf(name), path, collection: undefined }
  }
  const path = resolve(search.baseDir, name.replace(/^~(?=\/|$)/u, homedir()))
  if (files.isDirectory(path)) return { name: basename(path), path, collection: undefined }
  return { searched }
}

/** A role named by a path is called by the path's last part when it leaves the folder that was searched. */
function nameOf(name: string): string {
  return name.startsWith('/') || name.startsWith('.') ? basename(name) : name
}

function findInCollections(
  name: string,
  search: RoleSearch,
  options: LoaderOptions,
): RolePlace | undefined {
  const full = /^(\w+\.\w+)\.([\w.]+)$/u.exec(name)
  const candidates = full
    ? [[full[1] ?? '', full[2] ?? ''] as const]
    : search.collections.map((collection) => [collection, name] as const)
  for (const [collection, role] of candidates) {
    for (const root of collectionRoots(search.baseDir, options)) {
      const path = join(root, ...collection.split('.'), 'roles', ...role.split('.'))
      if (options.files.isDirectory(path)) return { name: basename(path), path, collection }
    }
  }
  return undefined
}

/** The `ansible_collections` folders, those beside the playbook first. */
function collectionRoots(baseDir: string | undefined, options: LoaderOptions): readonly string[] {
  const near = baseDir === undefined ? [] : [join(baseDir, 'collections')]
  return [...near, ...options.collectionsPath].map(rootIn)
}

function rootIn(folder: string): string {
  return basename(folder) === 'ansible_collections' ? folder : join(folder, 'ansible_collections')
}

/**
 * The file of a playbook named `ns.collection.playbook`, which may end in `.yml` or `.yaml`; undefined when it is not found
 * or not so named.
 *
 * @param baseDir A folder whose `collections` are searched first.
 */
export function findCollectionPlaybook(
  name: string,
  baseDir: string | undefined,
  options: LoaderOptions,
): string | undefined {
  const [, namespace, collection, playbook, end] =
    /^(\w+)\.(\w+)\.([\w.]+?)(\.ya?ml)?$/u.exec(name) ?? []
  if (namespace === undefined || collection === undefined || playbook === undefined)
    return undefined
  const ends = end === undefined ? ['.yml', '.yaml', ''] : [end]
  for (const root of collectionRoots(baseDir, options)) {
    const base = join(root, namespace, collection, 'playbooks', ...playbook.split('.'))
    const found = ends.find((one) => options.files.isFile(base + one))
    if (found !== undefined) return base + found
  }
  return undefined
}

/** The collection that a file lies in, where its folder is one that collections are searched in. */
export function collectionAround(file: string, options: LoaderOptions): string | undefined {
  for (const folder of options.collectionsPath) {
    const [namespace, name, ...rest] = relative(rootIn(folder), file).split('/')
    if (namespace !== undefined && name !== undefined && namespace !== '..' && rest.length > 0)
      return `${namespace}.${name}`
  }
  return undefined
}
