import { isAlias, isCollection, isMap as isMapNode, isPair, isScalar, isSeq } from 'yaml'
import type { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { stringifyJson } from '../../proto/json-text.ts'
import { Float, isList, isMap, isMoment, keyIn, newMap } from '../../proto/value.ts'
import type { MapKey, MutableMap, Value, ValueMap } from '../../proto/value.ts'
import { templateForText } from './as-data.ts'
import type { Places } from './places.ts'
import { readBoolean, readFloat, readInteger, resolvePlain } from './scalar.ts'

/** What building the values of a document needs. */
export interface BuildContext {
  readonly places: Places
  /** Whether the text ends at this offset, and not with the end of a line. */
  readonly isCutAt: (offset: number) => boolean
  /** What stands for a `!vault` value: its text, as a template. */
  readonly openVault: (envelope: string, offset: number) => string
  readonly onProblem: (offset: number, message: string) => void
  /** Told of a key that a map has twice, and where the map begins. */
  readonly onDuplicate: (offset: number, key: MapKey) => void
}

/** Turns the nodes of one YAML document into values, by PyYAML's rules and Ansible's tags. */
export class ValueBuilder {
  readonly #document: Document
  readonly #context: BuildContext
  readonly #built = new Map<unknown, Value>()

  constructor(document: Document, context: BuildContext) {
    this.#document = document
    this.#context = context
  }

  build(): Value {
    return this.#value(this.#document.contents)
  }

  #value(node: unknown): Value {
    if (node === null || node === undefined) return null
    if (isAlias(node)) return this.#aliased(node.resolve(this.#document), startOf(node))
    const known = this.#built.get(node)
    if (known !== undefined) return known
    if (isScalar(node)) return this.#scalar(node)
    if (isMapNode(node)) return this.#map(node)
    if (isSeq(node)) return this.#list(node)
    return null
  }

  #aliased(target: unknown, offset: number): Value {
    if (target === undefined) {
      this.#context.onProblem(offset, 'this alias names no anchor')
      return null
    }
    const known = this.#built.get(target)
    if (known === undefined && isCollection(target)) {
      this.#context.onProblem(offset, 'an anchor that contains itself is not supported')
      return null
    }
    return known ?? this.#value(target)
  }

  #list(node: YAMLSeq): Value {
    const list: Value[] = []
    this.#checkTag(node.tag, startOf(node))
    this.#context.places.addStart(list, startOf(node))
    node.items.forEach((item, index) => {
      const offset = startOf(item)
      this.#context.places.addPart(list, index, { key: offset, value: offset })
      list.push(isPair(item) ? newMap([this.#entry(item)]) : this.#value(item))
    })
    this.#built.set(node, list)
    return list
  }

  #entry(pair: Pair): [MapKey, Value] {
    return [this.#key(pair.key), this.#value(pair.value)]
  }

  #map(node: YAMLMap): Value {
    const map = newMap()
    this.#checkTag(node.tag, startOf(node))
    this.#context.places.addStart(map, startOf(node))
    // Ansible takes what is merged for entries before the map's own: a key that is in both is there twice
    const note = (key: MapKey): void => {
      if (map.has(keyIn(map, key))) this.#context.onDuplicate(startOf(node), key)
    }
    for (const pair of node.items) if (isMergeKey(pair)) this.#merge(map, pair, note)
    for (const pair of node.items) {
      if (isMergeKey(pair)) continue
      const key = this.#key(pair.key)
      note(key)
      this.#addEntry(map, pair, keyIn(map, key))
    }
    this.#built.set(node, map)
    return map
  }

  #addEntry(map: MutableMap, pair: Pair, key: MapKey): void {
    const offset = startOf(pair.key)
    map.set(key, this.#value(pair.value))
    const value = pair.value === null ? offset : startOf(pair.value)
    this.#context.places.addPart(map, key, { key: offset, value })
  }

  #merge(map: MutableMap, pair: Pair, note: (key: MapKey) => void): void {
    const source = this.#value(pair.value)
    const sources = isList(source) ? source : [source]
    for (const one of sources.toReversed()) {
      if (isMap(one)) copyInto(map, one, note)
      else this.#context.onProblem(startOf(pair.key), '"<<" merges a mapping or a list of mappings')
    }
  }

  #key(node: unknown): MapKey {
    if (isCollection(node)) {
      this.#context.onProblem(startOf(node), 'a mapping or a list cannot be a key')
      return ''
    }
    return keyOf(this.#value(node))
  }

  #scalar(node: Scalar): Value {
    const text = typeof node.source === 'string' ? node.source : ''
    const offset = startOf(node)
    if (node.tag !== undefined) return this.#tagged(node.tag, text, offset)
    if (node.type === 'PLAIN') return resolvePlain(text)
    // PyYAML keeps the line end that is there, and at the end of a text there may be none.
    const isCut = node.type?.startsWith('BLOCK') === true && this.#context.isCutAt(endOf(node))
    return isCut ? text.replace(/\n$/u, '') : text
  }

  #tagged(tag: string, text: string, offset: number): Value {
    switch (tag.replace('tag:yaml.org,2002:', '!!')) {
      case '!vault':
      case '!vault-encrypted':
        return this.#context.openVault(text, offset)
      case '!unsafe':
        return templateForText(text)
      case '!!str':
      case '!':
        return text
      case '!!null':
        return null
      case '!!int':
        return readInteger(text) ?? this.#mismatch(offset, 'an integer', text)
      case '!!bool':
        return readBoolean(text) ?? this.#mismatch(offset, 'a boolean', text)
      case '!!float':
        return readFloat(text) ?? wholeFloat(text) ?? this.#mismatch(offset, 'a float', text)
      case '!!binary':
        return Buffer.from(text, 'base64').toString('utf8')
      default:
        return this.#mismatch(offset, 'a tag that is known (!vault, !unsafe, !!str …)', tag)
    }
  }

  #checkTag(tag: string | undefined, offset: number): void {
    if (tag === undefined || /^(?:tag:yaml\.org,2002:(?:map|seq|set|omap)|!unsafe)$/u.test(tag))
      return
    this.#mismatch(offset, 'a tag that is known (!unsafe, !!map, !!seq …)', tag)
  }

  #mismatch(offset: number, wanted: string, got: string): Value {
    this.#context.onProblem(offset, `expected ${wanted}, got "${got}"`)
    return null
  }
}

function copyInto(map: MutableMap, source: ValueMap, note: (key: MapKey) => void): void {
  for (const [key, value] of source) {
    note(key)
    map.set(keyIn(map, key), value)
  }
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.value === '<<'
}

function wholeFloat(text: string): Float | undefined {
  return /^[-+]?\d+$/u.test(text) ? new Float(Number(text)) : undefined
}

/** A whole float is the integer it equals; a list or a map is no key. */
function keyOf(value: Value): MapKey {
  if (value instanceof Float)
    return Number.isSafeInteger(value.value) ? value.value : BigInt(value.value)
  if (isMoment(value)) return value.text()
  return typeof value === 'object' && value !== null ? stringifyJson(value) : value
}

function endOf(node: Scalar): number {
  return node.range?.[2] ?? 0
}

function startOf(node: unknown): number {
  if (isPair(node)) return startOf(node.key)
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range
  return range?.[0] ?? 0
}
