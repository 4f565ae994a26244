import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { moduleRoutes } from '../packer/module-routes.ts'
import type { PluginFolders } from '../run/ports.ts'
import type { AnsibleCore } from '../packer/ansible-core.ts'

/** What a folder of plugins holds. */
export type FileKind = keyof PluginFolders

/** Where the plugins of a run may lie. */
export interface PluginFilesOptions {
  /** `filter_plugins`, `test_plugins` and `lookup_plugins` of ansible.cfg, or where they are by default. */
  readonly configured: PluginFolders
  /** Folders that hold `ansible_collections`. */
  readonly collections: readonly string[]
  readonly core: AnsibleCore | undefined
}

/** Tells from the files alone, without Python, where a plugin could be. */
export class PluginFiles {
  readonly #options: PluginFilesOptions
  readonly #added: Record<FileKind, string[]> = { filter: [], test: [], lookup: [] }
  readonly #files = new Map<FileKind, readonly string[]>()
  readonly #texts = new Map<string, string>()

  constructor(options: PluginFilesOptions) {
    this.#options = options
  }

  /** The folders that were put in, the first ones first. */
  get added(): PluginFolders {
    return this.#added
  }

  /** Those of the configuration, with what lies up to two folders deeper. */
  get configured(): PluginFolders {
    const { configured } = this.#options
    return {
      filter: configured.filter.flatMap(withSubfolders),
      test: configured.test.flatMap(withSubfolders),
      lookup: configured.lookup.flatMap(withSubfolders),
    }
  }

  /** A playbook's folder or a role's; what it has of plugins counts from now on. The folders that are new. */
  add(folder: string): PluginFolders | undefined {
    const fresh = { filter: this.#fresh('filter', folder), ...this.#freshOthers(folder) }
    const isNew = Object.values(fresh).some((paths) => paths.length > 0)
    if (isNew) this.#files.clear()
    return isNew ? fresh : undefined
  }

  #freshOthers(folder: string) {
    return { test: this.#fresh('test', folder), lookup: this.#fresh('lookup', folder) }
  }

  #fresh(kind: FileKind, folder: string): string[] {
    const path = join(folder, `${kind}_plugins`)
    if (this.#added[kind].includes(path) || !existsSync(path)) return []
    this.#added[kind].push(path)
    return [path]
  }

  /** Every file of the user's plugins of a kind. */
  files(kind: FileKind): readonly string[] {
    const known = this.#files.get(kind)
    if (known) return known
    const folders = [...this.#added[kind], ...this.configured[kind]]
    const found = folders.flatMap((folder) =>
      list(folder)
        .filter((name) => name.endsWith('.py') && name !== '__init__.py')
        .map((name) => join(folder, name)),
    )
    this.#files.set(kind, found)
    return found
  }

  /** Whether a file of a kind has a name in its text: it may define that. */
  mentions(kind: FileKind, name: string): boolean {
    return this.files(kind).some((file) => this.#text(file).includes(name))
  }

  /** The file of the user's own lookup. */
  ownLookup(name: string): string | undefined {
    return this.files('lookup').find((file) => file.endsWith(`/${name}.py`))
  }

  /** Whether there is a lookup of this short or full name, of the user, of ansible-core or of a collection. */
  hasLookup(name: string): boolean {
    const short = name.replace(/^ansible\.legacy\./u, '')
    if (!short.includes('.') && this.ownLookup(short) !== undefined) return true
    const plain = short.replace(/^ansible\.builtin\./u, '')
    return plain.includes('.') ? this.#inCollection('lookup', plain) : this.#ofCore(plain)
  }

  /** The folder of a full name's collection is there. */
  hasCollection(name: string): boolean {
    return this.#collectionFolders(name).length > 0
  }

  #ofCore(name: string): boolean {
    const { core } = this.#options
    if (!core) return false
    const home = dirname(core.modules)
    if (existsSync(join(home, 'plugins/lookup', `${name}.py`))) return true
    const routed = routes(join(home, 'config/ansible_builtin_runtime.yml'), 'lookup').get(name)
    return routed !== undefined && this.hasCollection(routed)
  }

  #inCollection(kind: FileKind, name: string): boolean {
    const rest = name.split('.').slice(2)
    return this.#collectionFolders(name).some(
      (folder) =>
        existsSync(join(folder, 'plugins', kind, `${rest.join('/')}.py`)) ||
        routes(join(folder, 'meta/runtime.yml'), kind).has(rest.join('.')),
    )
  }

  #collectionFolders(name: string): readonly string[] {
    const [namespace, collection, ...rest] = name.split('.')
    if (namespace === undefined || collection === undefined || rest.length === 0) return []
    const { collections, core } = this.#options
    return [...collections, ...(core?.collections ?? [])]
      .map((root) => join(root, 'ansible_collections', namespace, collection))
      .filter((folder) => existsSync(folder))
  }

  #text(file: string): string {
    const known = this.#texts.get(file) ?? readText(file)
    this.#texts.set(file, known)
    return known
  }
}

function withSubfolders(folder: string): readonly string[] {
  const inner = subfolders(folder)
  return [...inner, ...inner.flatMap(subfolders), folder]
}

function subfolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== '__pycache__')
      .map((entry) => join(folder, entry.name))
      .toSorted()
  } catch {
    return [] // most such folders are not there
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    return [] // most such folders are not there
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // Python says what is wrong with it
  }
}

function routes(file: string, kind: FileKind): ReadonlyMap<string, string> {
  return moduleRoutes(readText(file), kind)
}
