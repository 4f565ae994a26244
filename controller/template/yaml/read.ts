import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  parseDocument,
} from 'yaml'
import { keyIn } from '../../../proto/value.ts'
import { type Datum, type DatumMap, isDict, isSequence, newDict } from '../python/datum.ts'
import { dictKey } from '../python/iterate.ts'
import { filterError } from '../python/python-error.ts'
import { resolveScalar, resolveTagged } from './resolve.ts'

/** Scalars are left as text; what they mean is decided by PyYAML's rules, not the library's. */
const options = { version: '1.1', schema: 'failsafe', uniqueKeys: false, merge: false } as const

/** The value of a YAML text, by the rules of YAML 1.1 as PyYAML reads them. */
export function readYaml(text: string): Datum {
  return valueOf(parseDocument(text, options))
}

/** The values of all documents of a YAML text. */
export function readYamlDocuments(text: string): Datum[] {
  const documents = parseAllDocuments(text, options)
  return Array.isArray(documents) ? documents.map((one) => valueOf(one)) : []
}

function valueOf(document: Document.Parsed | Document): Datum {
  const [problem] = document.errors
  if (problem) throw filterError(problem.message.split('\n')[0] ?? 'not YAML')
  return convert(document.contents, document)
}

function convert(node: unknown, document: Document): Datum {
  if (isAlias(node)) return convert(node.resolve(document), document)
  if (isScalar(node)) return scalar(node)
  if (isSeq(node)) return node.items.map((item) => convert(item, document))
  if (!isMap(node)) return null
  const map = newDict()
  const merged: Datum[] = []
  for (const { key, value } of node.items) {
    const item = convert(value, document)
    if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<') merged.push(item)
    else map.set(keyIn(map, dictKey(convert(key, document))), item)
  }
  return merged.length === 0 ? map : withMerged(map, merged)
}

function withMerged(map: DatumMap, merged: readonly Datum[]): Datum {
  const whole = newDict()
  const sources = merged.flatMap((source) => (isSequence(source) ? [...source] : [source]))
  for (const source of sources.toReversed()) {
    if (isDict(source)) for (const [key, item] of source) whole.set(keyIn(whole, key), item)
  }
  for (const [key, item] of map) whole.set(keyIn(whole, key), item)
  return whole
}

function scalar(node: { value: unknown; source?: string; type?: string; tag?: string }): Datum {
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '')
  if (node.tag !== undefined) return resolveTagged(text, node.tag)
  return node.type === 'PLAIN' || node.type === undefined ? resolveScalar(text) : text
}
