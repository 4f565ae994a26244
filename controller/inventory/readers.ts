import { shortName } from './plugins/read-plugin.ts'

/** Who reads inventories where no configuration (`enable_plugins`) says otherwise; `toml` is not among errand's. */
export const usualReaders: readonly string[] = [
  'host_list',
  'script',
  'auto',
  'yaml',
  'ini',
  'toml',
]

const known = new Set([...usualReaders, 'advanced_host_list', 'constructed', 'generator'])

/** Who may read a source. */
export class Readers {
  readonly #names: readonly string[]

  /** Those that errand has of `names`; `warn` is told of the others. */
  constructor(names: readonly string[], warn: (message: string) => void) {
    this.#names = names.map(shortName)
    for (const name of this.#names.filter((name) => !known.has(name))) {
      warn(`Failed to load inventory plugin, skipping ${name}`)
    }
  }

  get hasAny(): boolean {
    return this.#names.some((name) => known.has(name))
  }

  has(name: string): boolean {
    return this.#names.includes(name)
  }

  /** Of those that read lists of hosts the first one. */
  get hostList(): string | undefined {
    return this.#names.find((name) => name === 'host_list' || name === 'advanced_host_list')
  }

  /** Whether a file of this name may be options for `plugin`: `auto` minds its extension, the plugin itself less so. */
  mayBePlugin(extension: string, plugin: string): boolean {
    if (this.has('auto') && ['.yml', '.yaml'].includes(extension)) return true
    return this.has(plugin) && ['', '.config', '.yml', '.yaml', '.json'].includes(extension)
  }
}
