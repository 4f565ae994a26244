import { join } from 'node:path'
import { addAll, isMap, newMap } from '../../proto/value.ts'
import type { ValueMap } from '../../proto/value.ts'
import type { YamlDocument } from '../yaml.ts'
import { describe } from './load-session.ts'
import type { LoadSession } from './load-session.ts'
import type { Role } from './playbook.ts'
import type { Place } from '../yaml/place.ts'
import { findNamedFiles } from './vars-files.ts'

/** Which file of each subfolder is meant; `main` where nothing is said. */
export interface FromFiles {
  readonly tasksFrom?: string | undefined
  readonly varsFrom?: string | undefined
  readonly defaultsFrom?: string | undefined
  readonly handlersFrom?: string | undefined
}

/** A role's folder, read; its tasks and handlers not yet taken apart. */
export interface RoleFolder {
  readonly role: Role
  readonly tasks: YamlDocument | undefined
  readonly handlers: YamlDocument | undefined
  readonly meta: YamlDocument | undefined
}

/** Where a role was found. */
export interface RolePlace {
  readonly name: string
  readonly path: string
  readonly collection: string | undefined
}

/** Reads the folder of a role. Faults in it are reported at their place, `usedAt` stands for what has none. */
export function readRoleFolder(
  session: LoadSession,
  found: RolePlace,
  options: { readonly from: FromFiles; readonly usedAt: Place },
): RoleFolder {
  const reader = new FolderReader(session, found.path, options.usedAt)
  const { tasksFrom, varsFrom, defaultsFrom, handlersFrom } = options.from
  const meta = reader.one('meta', undefined)
  const metaMap = meta && isMap(meta.value) ? meta.value : newMap()
  const role: Role = {
    name: found.name,
    fullName: found.collection === undefined ? found.name : `${found.collection}.${found.name}`,
    path: found.path,
    defaults: reader.vars('defaults', defaultsFrom),
    vars: reader.vars('vars', varsFrom),
    allowDuplicates: metaMap.get('allow_duplicates') === true,
    argumentSpecs: reader.argumentSpecs(metaMap),
    collection: found.collection,
  }
  return {
    role,
    meta,
    tasks: reader.one('tasks', tasksFrom),
    handlers: reader.one('handlers', handlersFrom),
  }
}

class FolderReader {
  readonly #session: LoadSession
  readonly #path: string
  readonly #usedAt: Place

  constructor(session: LoadSession, path: string, usedAt: Place) {
    this.#session = session
    this.#path = path
    this.#usedAt = usedAt
  }

  /** The one file of a subfolder. */
  one(folder: string, from: string | undefined): YamlDocument | undefined {
    const [path] = this.#find(folder, { from, isDirectoryAllowed: false })
    return path === undefined ? undefined : this.#session.open(path)
  }

  vars(folder: string, from: string | undefined): ValueMap {
    const vars = newMap()
    for (const path of this.#find(folder, { from, isDirectoryAllowed: true })) {
      const document = this.#session.open(path)
      if (isMap(document.value)) addAll(vars, document.value)
      else if (document.value !== null) {
        this.#session.report(
          document.places.of(document.value),
          `the ${folder} of a role are a mapping of names to values, got ${describe(document.value)}`,
        )
      }
    }
    return vars
  }

  argumentSpecs(meta: ValueMap): ValueMap | undefined {
    const { files } = this.#session.options
    const base = join(this.#path, 'meta', 'argument_specs')
    const order = ['.yml', '.yaml', '.json']
    const [path] = findNamedFiles(files, base, { order, isDirectoryAllowed: false })
    const own = path === undefined ? undefined : this.#session.open(path).value
    const specs = isMap(own) ? own.get('argument_specs') : meta.get('argument_specs')
    return isMap(specs) ? specs : undefined
  }

  #find(
    folder: string,
    options: { readonly from: string | undefined; readonly isDirectoryAllowed: boolean },
  ): readonly string[] {
    const { from, isDirectoryAllowed } = options
    const { files } = this.#session.options
    const known = ['.yml', '.yaml', '.json']
    const order = from === undefined ? [...known, ''] : ['', ...known]
    const base = join(this.#path, folder, from ?? 'main')
    const found = findNamedFiles(files, base, { order, isDirectoryAllowed })
    if (found.length === 0 && from !== undefined && files.isDirectory(join(this.#path, folder))) {
      this.#session.report(
        this.#usedAt,
        `there is no ${folder} file "${from}" in the role at ${this.#path}`,
      )
    }
    return found
  }
}
