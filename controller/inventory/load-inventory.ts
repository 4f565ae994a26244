import { readFileSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { isMap } from '../../proto/value.ts'
import type { SourceFiles } from '../yaml/source-files.ts'
import type { YamlDocument } from '../yaml.ts'
import { splitPort } from './host-range.ts'
import type { GroupNames } from './group-names.ts'
import { InventoryBuilder } from './inventory-builder.ts'
import type { Inventory } from './inventory.ts'
import { readIni } from './read-ini.ts'
import { readScript, type RecallAnswer } from './read-script.ts'
import { readYaml } from './read-yaml.ts'

export interface InventoryOptions {
  readonly files: SourceFiles
  /** What relative paths are relative to. */
  readonly cwd: string
  /** The variables that inventory scripts are run with. */
  readonly environment: Readonly<Record<string, string>>
  /** Answers for a script that was asked before. Default: scripts are asked each time. */
  readonly recall?: RecallAnswer
  /** Default: as they are written. */
  readonly groupNames?: GroupNames
  readonly signal: AbortSignal
}

/**
 * Reads all sources, in their order, into one inventory: files (INI, YAML, JSON, executable), directories of them, and
 * lists of hosts (`a,b,`). A source that is not there or cannot be read is left out, with a warning that says why: so
 * does Ansible.
 *
 * @throws {ErrandError} `denied` for a vault whose password is missing.
 */
export async function loadInventory(
  sources: readonly string[],
  options: InventoryOptions,
): Promise<Inventory> {
  const named = sources.map((source) =>
    isHostList(source, options) ? source : resolve(options.cwd, source),
  )
  const refused = new Set<string>()
  for (;;) {
    const builder = new InventoryBuilder(named, options.groupNames)
    const loader = new SourceLoader(builder, options, refused)
    for (const source of named) await loader.load(source)
    // What a file told before the line that cannot be read does not count either: once more, without it.
    if (loader.hasRefused) continue
    const inventory = builder.finish()
    warnOfDoubles(inventory, options.files)
    return inventory
  }
}

/** A pattern with such a name means the group. */
function warnOfDoubles({ hosts, groups }: Inventory, files: SourceFiles): void {
  for (const name of groups.keys()) {
    if (hosts.has(name)) files.warn(`Found both group and host with same name: ${name}`)
  }
}

/** What is said of an inventory that has no hosts, as Ansible says it. */
export const emptyInventoryWarnings = {
  nothingRead: 'No inventory was parsed, only implicit localhost is available',
  nobodyThere:
    'provided hosts list is empty, only localhost is available. ' +
    "Note that the implicit localhost does not match 'all'",
} as const

function isHostList(source: string, options: InventoryOptions): boolean {
  if (!source.includes(',')) return false
  const path = resolve(options.cwd, source)
  return !options.files.isFile(path) && !options.files.isDirectory(path)
}

const unreadable: ReadonlySet<string> = new Set(['syntax', 'invalid', 'not_found'])

const ignored =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.ini|\.cfg|\.retry)$/u

class SourceLoader {
  readonly #builder: InventoryBuilder
  readonly #options: InventoryOptions
  /** Files that could not be read, now or before. */
  readonly #refused: Set<string>
  /** One could not be read now. */
  hasRefused = false

  constructor(builder: InventoryBuilder, options: InventoryOptions, refused: Set<string>) {
    this.#builder = builder
    this.#options = options
    this.#refused = refused
  }

  async load(source: string): Promise<void> {
    const { files } = this.#options
    if (isHostList(source, this.#options)) {
      this.#hostList(source)
      return
    }
    if (files.isDirectory(source)) {
      for (const name of files.list(source)) {
        if (!ignored.test(name)) await this.load(join(source, name))
      }
      return
    }
    if (this.#refused.has(source) || !files.isFile(source)) {
      files.warn(`Unable to parse ${source} as an inventory source`)
      return
    }
    this.#builder.currentSource = source
    await this.#fileOrWarning(source)
    this.#builder.currentSource = undefined
  }

  async #fileOrWarning(path: string): Promise<void> {
    try {
      await this.#file(path)
    } catch (error) {
      const isUnreadable = error instanceof ErrandError && unreadable.has(error.code)
      if (!isUnreadable || this.#options.signal.aborted) throw error
      this.#options.files.warn(` * Failed to parse ${path}: ${error.message}`)
      this.#refused.add(path)
      this.hasRefused = true
    }
  }

  /** Names with commas between, each with a port if it likes; ranges are for files only. */
  #hostList(source: string): void {
    this.#builder.currentSource = source
    for (const part of source.split(',')) {
      const { host, port } = splitPort(part.trim())
      if (host !== '' && !this.#builder.hasHost(host)) {
        this.#builder.addHost(host, { group: 'ungrouped', port })
      }
    }
    this.#builder.currentSource = undefined
  }

  async #file(path: string): Promise<void> {
    const { cwd, environment, signal, recall = (_, ask) => ask() } = this.#options
    const builder = this.#builder
    if (this.#isScript(path)) {
      await readScript(path, { builder, cwd, environment, recall, signal })
      return
    }
    const document = this.#yaml(path)
    if (document)
      readYaml(document, builder, (message) => {
        this.#options.files.warn(message)
      })
    else readIni(this.#options.files.readSource(path), path, builder)
  }

  /** A file that may be run is a script when it says by what; else the mark comes from a careless copy. */
  #isScript(path: string): boolean {
    if (!this.#options.files.isExecutable(path)) return false
    const head = readFileSync(path).subarray(0, 4).toString('latin1')
    return head.startsWith('#!') || head === '\u007fELF'
  }

  /** The document when the file is YAML; a file without a known extension is, when it reads as a mapping. */
  #yaml(path: string): YamlDocument | undefined {
    const { files } = this.#options
    const extension = extname(path)
    if (['.yml', '.yaml', '.json'].includes(extension)) return this.#yamlByName(path)
    if (extension !== '') return undefined
    const text = files.readText(path)
    const looksLikeYaml = /^---\s*$|^[\w.-]+:\s*(?:#.*)?$/mu.test(text)
    if (looksLikeYaml && !/^\[/mu.test(text)) return files.parse(path)
    try {
      const document = files.parse(path)
      return isMap(document.value) ? document : undefined
    } catch (error) {
      if (isSyntaxError(error)) return undefined // INI, most likely
      throw error
    }
  }

  /** The document of a file with a name of YAML; undefined when what is in it is INI after all. */
  #yamlByName(path: string): YamlDocument | undefined {
    const { files } = this.#options
    try {
      const document = files.parse(path)
      if (isMap(document.value) || !isIni(files.readText(path), path)) return document
    } catch (error) {
      if (!isSyntaxError(error) || !isIni(files.readText(path), path)) throw error
    }
    return undefined
  }
}

function isIni(text: string, path: string): boolean {
  try {
    readIni(text, path, new InventoryBuilder([path]))
    return true
  } catch (error) {
    if (isSyntaxError(error)) return false
    throw error
  }
}

function isSyntaxError(error: unknown): boolean {
  return error instanceof ErrandError && error.code === 'syntax'
}
