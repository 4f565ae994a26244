import { ErrandError } from '../../../proto/errors.ts'
import { isList, isMap, type Value, type ValueMap } from '../../../proto/value.ts'
import { pythonRepr, toText } from '../../template/templates.ts'

/** The options of one plugin, each as the type that it must have. */
export class PluginOptions {
  readonly #config: ValueMap
  readonly #plugin: string

  constructor(plugin: string, config: ValueMap) {
    this.#plugin = plugin
    this.#config = config
  }

  /** @throws {ErrandError} `invalid`, as the two below. */
  map(name: string): ValueMap {
    const value = this.#config.get(name) ?? new Map()
    if (isMap(value)) return value
    throw this.#wrong(name, 'dictionary')
  }

  list(name: string): readonly Value[] {
    const value = this.#config.get(name) ?? []
    if (isList(value)) return value
    if (typeof value === 'string') return value.split(',').map((item) => item.trim())
    throw this.#wrong(name, 'list')
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.#config.get(name)
    return value === undefined || value === null ? fallback : isTrue(value)
  }

  #wrong(name: string, type: string): ErrandError {
    return new ErrandError(
      'invalid',
      `Invalid type for configuration option plugin_type: inventory plugin: ${this.#plugin} setting: ${name} ` +
        `(from Direct): Invalid type provided for "${type}": ${pythonRepr(this.#config.get(name) ?? null)}`,
    )
  }
}

/** What Ansible's modules take for true; all else is false. */
export function isTrue(value: Value): boolean {
  return ['y', 'yes', 'on', '1', 'true', 't'].includes(toText(value).trim().toLowerCase())
}
