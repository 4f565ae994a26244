import { dirname, join } from 'node:path'
import { newMap } from '../../proto/value.ts'
import type { ValueMap } from '../../proto/value.ts'
import { findNamedFiles, readVarsFiles } from '../playbook/vars-files.ts'
import type { SourceFiles } from '../yaml/source-files.ts'

const order = ['', '.yml', '.yaml', '.json']

/** The `group_vars` and `host_vars` folders beside inventories and playbooks; each file is read once. */
export class VarsFolders {
  readonly #files: SourceFiles
  readonly #known = new Map<string, ValueMap>()

  constructor(files: SourceFiles) {
    this.#files = files
  }

  group(folder: string, name: string): ValueMap {
    return this.#read(join(folder, 'group_vars', name))
  }

  host(folder: string, name: string): ValueMap {
    return this.#read(join(folder, 'host_vars', name))
  }

  /** The folders that inventory sources have such folders in: a directory itself, else the file's own. */
  besideSources(sources: readonly string[]): readonly string[] {
    const folders = sources.flatMap((source) => {
      if (this.#files.isDirectory(source)) return [source]
      return this.#files.isFile(source) ? [dirname(source)] : []
    })
    return [...new Set(folders)]
  }

  #read(base: string): ValueMap {
    const known = this.#known.get(base)
    if (known) return known
    const paths = findNamedFiles(this.#files, base, { order, isDirectoryAllowed: true })
    const vars = paths.length === 0 ? none : readVarsFiles(this.#files, paths)
    this.#known.set(base, vars)
    return vars
  }
}

const none: ValueMap = newMap()
