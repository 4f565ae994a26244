import { join, resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { newMap, type ValueMap } from '../../proto/value.ts'
import { LookupFailure } from '../template/scope.ts'
import { Templates } from '../template/templates.ts'
import type { SourceFiles } from '../yaml/source-files.ts'
import { expandHosts, splitPort } from './host-range.ts'
import type { GroupNames } from './group-names.ts'
import { InventoryBuilder } from './inventory-builder.ts'
import type { Inventory } from './inventory.ts'
import type { PluginTools } from './plugins/read-plugin.ts'
import { readInventoryFile } from './read-inventory-file.ts'
import { Readers, usualReaders } from './readers.ts'
import type { RecallAnswer } from './read-script.ts'

/** What inventory plugins see beside the sources. */
export interface PluginSurroundings extends Pick<PluginTools, 'extraVars' | 'factsOf'> {
  /** What `group_vars` or `host_vars` beside `sources` say of one group or host. */
  readonly varsBeside: (
    kind: 'group' | 'host',
    name: string,
    sources: readonly string[],
  ) => ValueMap
}

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
  /** Who may read a source (`enable_plugins`). Default {@link usualReaders}. */
  readonly enabled?: readonly string[]
  /** What cannot be read is an error: never (the default), when it is one source, when it is all of them. */
  readonly refusal?: 'never' | 'any' | 'all'
  /** Default: plugins see nothing beside the sources. */
  readonly around?: PluginSurroundings
  readonly signal: AbortSignal
}

/**
 * Reads all sources, in their order, into one inventory: files (INI, YAML, JSON, executable, options of a plugin),
 * directories of them, and lists of hosts (`a,b,`). A source that is not there or cannot be read is left out, with a
 * warning that says why: so does Ansible.
 *
 * @throws {ErrandError} `denied` for a vault whose password is missing, `invalid` where `refusal` says so.
 */
export async function loadInventory(
  sources: readonly string[],
  options: InventoryOptions,
): Promise<Inventory> {
  const named = sources.map((source) =>
    isHostList(source, options) ? source : resolve(options.cwd, source),
  )
  const readers = new Readers(options.enabled ?? usualReaders, (text) => {
    options.files.warn(text)
  })
  if (!readers.hasAny) {
    const text =
      'No inventory plugins available to generate inventory, make sure you have at least one enabled.'
    throw new ErrandError('invalid', text)
  }
  const refused = new Set<string>()
  for (;;) {
    const builder = new InventoryBuilder(named, options.groupNames)
    const loader = new SourceLoader(builder, options, { readers, refused })
    for (const source of named) await loader.load(source)
    // What a file told before the line that cannot be read does not count either: once more, without it.
    if (loader.hasRefused) continue
    if (options.refusal === 'all' && !loader.hasRead) {
      const text = 'No inventory was parsed, please check your configuration and options.'
      throw new ErrandError('invalid', text)
    }
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
  readonly #readers: Readers
  /** Files that could not be read, now or before. */
  readonly #refused: Set<string>
  /** Sources that were read, files of directories each for itself. */
  readonly #read: string[] = []
  /** One could not be read now. */
  hasRefused = false

  constructor(
    builder: InventoryBuilder,
    options: InventoryOptions,
    { readers, refused }: { readonly readers: Readers; readonly refused: Set<string> },
  ) {
    this.#builder = builder
    this.#options = options
    this.#readers = readers
    this.#refused = refused
  }

  get hasRead(): boolean {
    return this.#read.length > 0
  }

  async load(source: string): Promise<void> {
    const { files } = this.#options
    if (files.isDirectory(source)) {
      for (const name of files.list(source)) {
        if (!ignored.test(name)) await this.load(join(source, name))
      }
      return
    }
    this.#builder.currentSource = source
    const isRead = isHostList(source, this.#options)
      ? this.#hostList(source)
      : !this.#refused.has(source) && files.isFile(source) && (await this.#fileOrWarning(source))
    this.#builder.currentSource = undefined
    if (isRead) this.#read.push(source)
    else if (this.#options.refusal === 'any') {
      throw new ErrandError('invalid', `Completely failed to parse inventory source ${source}`)
    } else files.warn(`Unable to parse ${source} as an inventory source`)
  }

  async #fileOrWarning(path: string): Promise<boolean> {
    const { files, cwd, environment, signal, recall = (_, ask) => ask() } = this.#options
    let isPlugin = false
    try {
      await readInventoryFile(path, {
        files,
        builder: this.#builder,
        readers: this.#readers,
        script: { builder: this.#builder, cwd, environment, recall, signal },
        plugin: () => {
          isPlugin = true
          return this.#pluginTools()
        },
      })
      return true
    } catch (error) {
      const isUnreadable = error instanceof ErrandError && unreadable.has(error.code)
      if (!isUnreadable || signal.aborted) throw error
      files.warn(` * Failed to parse ${path}: ${error.message}`)
      // What a plugin did before it failed stays: it works on what others told, and began where they had ended.
      if (isPlugin) return false
      this.#refused.add(path)
      this.hasRefused = true
      return false
    }
  }

  #pluginTools(): PluginTools {
    const { around = nothingAround, files } = this.#options
    const sources = [...this.#read]
    return {
      builder: this.#builder,
      templates: new Templates({
        lookups: noLookups,
        warn: (text) => {
          files.warn(text)
        },
      }),
      extraVars: around.extraVars,
      factsOf: around.factsOf,
      varsBeside: (kind, name) => around.varsBeside(kind, name, sources),
    }
  }

  /** Names with commas between, each with a port if it likes; ranges are for files and `advanced_host_list`. */
  #hostList(source: string): boolean {
    const reader = this.#readers.hostList
    for (const part of source.split(',').map((item) => item.trim())) {
      const { names, port } = reader === 'host_list' ? oneHost(part) : hostsOrName(part)
      for (const host of names) {
        if (host === '' || this.#builder.hasHost(host)) continue
        this.#builder.addHost(host, { group: 'ungrouped', port })
      }
    }
    return reader !== undefined
  }
}

function oneHost(text: string) {
  const { host, port } = splitPort(text)
  return { names: [host], port }
}

function hostsOrName(text: string) {
  try {
    return expandHosts(text)
  } catch (error) {
    if (error instanceof RangeError) return { names: [text], port: undefined }
    throw error
  }
}

const nothingAround: PluginSurroundings = {
  extraVars: () => newMap(),
  factsOf: () => undefined,
  varsBeside: () => newMap(),
}

const noLookups = {
  lookup: (name: string): never => {
    throw new LookupFailure(
      `The lookup '${name}' was found, however lookups were disabled from templating`,
    )
  },
}
