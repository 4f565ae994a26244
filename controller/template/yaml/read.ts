import {
  parseAllDocuments,
  parseDocument,
  type Document,
  type ParsedNode,
  isAlias,
  isMap,
  isScalar,
  isSeq,
} from 'yaml'
import { type Datum, newDict } from '../python/datum.ts'
import { dictKey } from '../python/iterate.ts'
import { float } from '../python/number.ts'
import { filterError } from '../python/python-error.ts'
import { Float } from '../../../proto/value.ts'

const options = { version: '1.1', intAsBigInt: true, uniqueKeys: false, merge: true } as const

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
  return convert(document.contents as ParsedNode | null, document)
}

function convert(node: unknown, document: Document): Datum {
  if (isAlias(node)) return convert(node.resolve(document), document)
  if (isScalar(node)) return scalar(node.value, node.source ?? '')
  if (isSeq(node)) return node.items.map((item) => convert(item, document))
  if (!isMap(node)) return null
  const map = newDict()
  for (const { key, value } of node.items) {
    const name = convert(key, document)
    if (name === '<<') mergeInto(map, convert(value, document))
    else map[dictKey(name)] = convert(value, document)
  }
  return map
}

function mergeInto(map: Record<string, Datum>, value: Datum): void {
  const sources = Array.isArray(value) ? (value as readonly Datum[]) : [value]
  for (const source of sources) {
    if (typeof source !== 'object' || source === null) continue
    for (const [key, item] of Object.entries(source) as [string, Datum][]) {
      if (!Object.hasOwn(map, key)) map[key] = item
    }
  }
}

function scalar(value: unknown, source: string): Datum {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (typeof value === 'number') return /^[+-]?\d+$/u.test(source) ? value : float(value)
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (value instanceof Date) return source
  if (value instanceof Float) return value
  return null
}
