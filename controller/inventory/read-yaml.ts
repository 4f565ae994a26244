import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { newMap, textEntries, isMap } from '../../proto/value.ts'
import type { MapKey, Value, ValueMap } from '../../proto/value.ts'
import type { YamlDocument } from '../yaml.ts'
import { Problems } from '../yaml/problems.ts'
import { expandHosts } from './host-range.ts'
import type { InventoryBuilder } from './inventory-builder.ts'

/**
 * Reads an inventory in YAML or JSON: groups with `hosts`, `vars` and `children`.
 *
 * @throws {ErrandError} `syntax` with every fault and its place.
 */
export function readYaml(
  document: YamlDocument,
  builder: InventoryBuilder,
  warn: (message: string) => void,
): void {
  const problems = new Problems()
  problems.addText(document.file, document.text)
  new YamlReader(document, { builder, warn, problems }).read()
  problems.throwIfAny()
}

interface Tools {
  readonly builder: InventoryBuilder
  readonly problems: Problems
  readonly warn: (message: string) => void
}

class YamlReader {
  readonly #document: YamlDocument
  readonly #tools: Tools

  constructor(document: YamlDocument, tools: Tools) {
    this.#document = document
    this.#tools = tools
  }

  read(): void {
    const { value, places } = this.#document
    if (!isMap(value)) {
      const what = value === null ? 'it is empty' : 'a mapping of groups is expected'
      this.#tools.problems.add(places.of(value), `this is no YAML inventory: ${what}`)
      return
    }
    if (value.has('plugin')) {
      const place = places.ofKey(value, 'plugin')
      this.#tools.problems.add(place, 'Plugin configuration YAML file, not YAML inventory')
      return
    }
    for (const [name, group] of value) this.#topGroup(name, { group, above: value })
  }

  #topGroup(name: MapKey, at: { readonly group: Value; readonly above: ValueMap }): void {
    if (typeof name === 'string') return this.#group(name, at)
    this.#tools.problems.add(this.#document.places.ofKey(at.above, name), noGroupName(name))
  }

  #group(name: string, at: { readonly group: Value; readonly above: ValueMap }): void {
    const { builder, warn } = this.#tools
    const { group, above } = at
    if (group !== null && !isMap(group)) {
      warn(`${this.#at(above, name)}: Skipping '${name}' as this is not a valid group definition`)
      return
    }
    builder.addGroup(name)
    for (const [key, section] of textEntries(group ?? newMap())) {
      if (section === null || !isMap(group)) continue
      const content =
        typeof section === 'string' && key !== 'vars' ? newMap([[section, null]]) : section
      if (!['vars', 'children', 'hosts'].includes(key)) {
        warn(
          `${this.#at(group, key)}: Skipping unexpected key (${key}) in group (${name}), only "vars", "children" and "hosts" are valid`,
        )
      } else if (isMap(content)) this.#section(name, { key, content, above: group })
      else {
        const place = this.#document.places.ofValue(group, key)
        this.#tools.problems.add(
          place,
          `Invalid "${key}" entry for "${name}" group, requires a dictionary`,
        )
      }
    }
  }

  #section(
    group: string,
    at: { readonly key: string; readonly content: ValueMap; readonly above: ValueMap },
  ): void {
    const { builder, problems } = this.#tools
    for (const [name, value] of at.content) {
      try {
        if (at.key === 'vars') builder.setGroupVar(group, name, value)
        else if (at.key === 'hosts') this.#hosts(name, { vars: value, group })
        else if (typeof name !== 'string') throw new RangeError(noGroupName(name))
        else {
          this.#group(name, { group: value, above: at.content })
          if (builder.hasGroup(name)) builder.addChild(group, name)
        }
      } catch (error) {
        if (!(error instanceof RangeError || error instanceof ErrandError)) throw error
        problems.add(this.#document.places.ofKey(at.content, name), sentenceOf(error))
      }
    }
  }

  #hosts(pattern: MapKey, at: { readonly vars: Value; readonly group: string }): void {
    const { builder } = this.#tools
    if (typeof pattern !== 'string') {
      throw new RangeError(
        `Host pattern ${String(pattern)} must be a string. Enclose integers/floats in quotation marks.`,
      )
    }
    const { names, port } = expandHosts(pattern)
    if (at.vars !== null && !isMap(at.vars)) {
      throw new RangeError(`the variables of host "${pattern}" are a mapping`)
    }
    for (const name of names) {
      builder.addHost(name, { group: at.group, port })
      for (const [key, value] of at.vars ?? newMap()) builder.setHostVar(name, key, value)
    }
  }

  #at(map: ValueMap, key: string): string {
    const { file, line, column } = this.#document.places.ofKey(map, key)
    return `${file}:${line}:${column}`
  }
}

function noGroupName(name: MapKey): string {
  return `Invalid group name supplied, expected a string but got ${String(name)}`
}
