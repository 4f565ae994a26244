import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { InstalledModule, ModulePlaces } from '../run/ports.ts'
import type { AnsibleCore } from './ansible-core.ts'
import { moduleRoutes } from './module-routes.ts'

export interface ModuleFinderOptions {
  readonly places: ModulePlaces
  readonly core: AnsibleCore | undefined
}

/** Finds the files of modules that errand has not itself. */
export class ModuleFinder {
  readonly #options: ModuleFinderOptions
  readonly #listings = new Map<string, readonly string[]>()
  readonly #routes = new Map<string, ReadonlyMap<string, string>>()

  constructor(options: ModuleFinderOptions) {
    this.#options = options
  }

  /** Folders that hold `ansible_collections`. */
  get collections(): readonly string[] {
    const { places, core } = this.#options
    return [...places.collections, ...(core?.collections ?? [])]
  }

  /**
   * A module by its short name, or by its full one with the collection in front, also where that is an older name which
   * ansible-core or the collection hands on; undefined when there is no file of it.
   */
  find(name: string): InstalledModule | undefined {
    const tried = new Set<string>()
    for (let next: string | undefined = name; next !== undefined && !tried.has(next);) {
      tried.add(next)
      const found: InstalledModule | string | undefined = this.#step(next)
      if (typeof found !== 'string') return found
      next = found
    }
    return undefined
  }

  /** The module, or the name that it goes by. */
  #step(name: string): InstalledModule | string | undefined {
    const parts = name.split('.')
    if (!parts.every((part) => /^\w[\w-]*$/u.test(part))) return undefined
    if (name.startsWith('ansible.builtin.'))
      return this.#ofCore(name.slice('ansible.builtin.'.length))
    const short = name.startsWith('ansible.legacy.') ? name.slice('ansible.legacy.'.length) : name
    if (!short.includes('.')) return this.#beside(short) ?? this.#ofCore(short)
    return this.#ofCollection(parts)
  }

  /** In the `library` of the playbook, of a role, or of the machine. */
  #beside(name: string): InstalledModule | undefined {
    for (const folder of this.#options.places.folders) {
      const file = this.#list(folder).find((entry) => isFileOf(name, entry))
      if (file !== undefined) return { name: `ansible.modules.${name}`, file: join(folder, file) }
    }
    return undefined
  }

  #ofCore(name: string): InstalledModule | string | undefined {
    const { core } = this.#options
    if (!core || name === 'async_wrapper') return undefined
    const file = join(core.modules, `${name}.py`)
    if (existsSync(file)) return { name: `ansible.modules.${name}`, file }
    return this.#route(join(dirname(core.modules), 'config/ansible_builtin_runtime.yml'), name)
  }

  #ofCollection(parts: readonly string[]): InstalledModule | string | undefined {
    const [namespace = '', collection = '', ...rest] = parts
    if (rest.length === 0) return undefined
    for (const root of this.collections) {
      const own = join(root, 'ansible_collections', namespace, collection)
      const route = this.#route(join(own, 'meta/runtime.yml'), rest.join('.'))
      if (route !== undefined) return route
      const folder = join(own, 'plugins/modules', ...rest.slice(0, -1))
      const file = this.#list(folder).find((entry) => isFileOf(rest.at(-1) ?? '', entry))
      if (file === undefined) continue
      const name = ['ansible_collections', namespace, collection, 'plugins.modules', ...rest]
      return { name: name.join('.'), file: join(folder, file) }
    }
    return undefined
  }

  #route(file: string, module: string): string | undefined {
    const routes = this.#routes.get(file) ?? routesIn(file)
    this.#routes.set(file, routes)
    return routes.get(module)
  }

  #list(folder: string): readonly string[] {
    const known = this.#listings.get(folder)
    if (known) return known
    const found = filesIn(folder)
    this.#listings.set(folder, found)
    return found
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    return [] // most playbooks have no such folder
  }
}

function routesIn(file: string): ReadonlyMap<string, string> {
  try {
    return moduleRoutes(readFileSync(file, 'utf8'))
  } catch {
    return new Map() // no such file: nothing has another name
  }
}

const notModules = /\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|yaml|yml|ini|ps1|cs|psm1)$|~$/u

function isFileOf(name: string, entry: string): boolean {
  if (notModules.test(entry)) return false
  const dot = entry.indexOf('.')
  return (dot < 0 ? entry : entry.slice(0, dot)) === name
}
