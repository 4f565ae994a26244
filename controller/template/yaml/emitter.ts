import { type MapKey, isMoment } from '../../../proto/value.ts'
import { type Datum, type DatumMap, HostObject, isSequence } from '../python/datum.ts'
import { isFloat, isNumber, numberText } from '../python/number.ts'
import { PythonError, filterError, limitError } from '../python/python-error.ts'
import { sortedKeys } from '../python/sorted.ts'
import { pythonRepr, undefinedError } from '../python/text.ts'
import { Undefined } from '../scope.ts'
import { anchorsOf } from './anchors.ts'
import { analyzeScalar } from './analyze.ts'
import { readsAsOther } from './resolve.ts'
import { YamlWriter } from './writer.ts'

/** How YAML is laid out, as for PyYAML's `dump`. */
export interface YamlLayout {
  readonly indent: number
  readonly width: number
  /** Which lists and maps are written in brackets: all, none, or those without lists and maps in them. */
  readonly flow: 'all' | 'none' | 'leaves'
  readonly isSorted: boolean
  /** Begin with `---`. */
  readonly hasStart: boolean
  /** End with `...`. */
  readonly hasEnd: boolean
  /** Text of many lines line by line, below a `|`. Default false. */
  readonly hasBlocks?: boolean
  /** A list or map that stands at several places is written once, and named (`&id001`, `*id001`). Default false. */
  readonly hasAnchors?: boolean
}

const MAX_DEPTH = 500
/** The longest text that may stand before a colon. */
const MAX_KEY_BYTES = 128

interface Place {
  readonly depth: number
  readonly isKey?: boolean
  /** Directly a value of a map, where a list is not indented. */
  readonly isInMap?: boolean
}

/** Writes a value as PyYAML does with libyaml underneath. */
export class YamlEmitter {
  readonly #layout: YamlLayout
  readonly #writer: YamlWriter
  readonly #indent: number
  #flowLevel = 0
  #anchors: ReadonlyMap<Datum, string> = new Map()
  readonly #written = new Set<Datum>()

  constructor(layout: YamlLayout) {
    this.#layout = layout
    this.#indent = layout.indent < 2 || layout.indent > 9 ? 2 : layout.indent
    const isNarrow = layout.width >= 0 && layout.width <= this.#indent * 2
    this.#writer = new YamlWriter(
      layout.width < 0 ? Number.POSITIVE_INFINITY : isNarrow ? 80 : layout.width,
    )
  }

  /** One whole document. */
  document(datum: Datum): string {
    const { hasStart, hasEnd } = this.#layout
    if (hasStart) {
      this.#writer.mark('---', { afterBlank: true })
    }
    if (this.#layout.hasAnchors) this.#anchors = anchorsOf(datum, (map) => this.#keysOf(map))
    this.#node(datum, { depth: 0 })
    this.#writer.finish()
    if (hasEnd) this.#writer.line('...')
    return this.#writer.text
  }

  #node(datum: Datum, place: Place): void {
    if (place.depth > MAX_DEPTH) throw limitError('a value is nested too deeply for YAML')
    const anchor = this.#anchors.get(datum)
    if (anchor !== undefined) {
      if (this.#written.has(datum)) {
        this.#writer.mark(`*${anchor}`, { afterBlank: true })
        return
      }
      this.#written.add(datum)
      this.#writer.mark(`&${anchor}`, { afterBlank: true })
    }
    if (isScalar(datum)) this.#scalar(datum, place)
    else if (isSequence(datum)) this.#list(datum, place)
    else this.#map(datum as DatumMap, place)
  }

  #isFlow(items: readonly Datum[]): boolean {
    if (this.#flowLevel > 0 || items.length === 0) return true
    if (this.#layout.flow === 'leaves') return items.every(isScalar)
    return this.#layout.flow === 'all'
  }

  #list(items: readonly Datum[], place: Place): void {
    if (this.#isFlow(items)) {
      this.#flow('[', ']', items, (item) => this.#node(item, { depth: place.depth + 1 }))
      return
    }
    const outer = this.#writer.indent
    const isIndentless = place.isInMap === true && !this.#writer.isIndenting
    this.#deeper(false, isIndentless)
    for (const item of items) {
      this.#writer.newLine()
      this.#writer.mark('-', { afterBlank: true, isIndent: true })
      this.#node(item, { depth: place.depth + 1 })
    }
    this.#writer.indent = outer
  }

  #flow<T>(open: string, close: string, items: readonly T[], write: (item: T) => void): void {
    const outer = this.#writer.indent
    this.#writer.mark(open, { afterBlank: true, isBlank: true })
    this.#deeper(true, false)
    this.#flowLevel += 1
    items.forEach((item, index) => {
      if (index > 0) this.#writer.mark(',')
      if (this.#writer.isTooWide) this.#writer.newLine()
      write(item)
    })
    this.#flowLevel -= 1
    this.#writer.indent = outer
    this.#writer.mark(close)
  }

  #deeper(isFlow: boolean, isIndentless: boolean): void {
    if (this.#writer.indent < 0) this.#writer.indent = isFlow ? this.#indent : 0
    else if (!isIndentless) this.#writer.indent += this.#indent
  }

  #map(map: DatumMap, place: Place): void {
    const keys = this.#keysOf(map)
    if (this.#isFlow([...map.values()])) {
      this.#flow('{', '}', keys, (key) => this.#entry(key, map.get(key) ?? null, place))
      return
    }
    const outer = this.#writer.indent
    this.#deeper(false, false)
    for (const key of keys) {
      this.#writer.newLine()
      this.#entry(key, map.get(key) ?? null, place)
    }
    this.#writer.indent = outer
  }

  #keysOf(map: DatumMap): readonly MapKey[] {
    return this.#layout.isSorted ? sortedOrNot(map) : [...map.keys()]
  }

  #entry(key: MapKey, value: Datum, { depth }: Place): void {
    const inner = { depth: depth + 1, isInMap: true }
    if (isSimpleKey(key)) {
      this.#scalar(key, { depth: depth + 1, isKey: true })
      this.#writer.mark(':')
      this.#node(value, inner)
      return
    }
    this.#writer.mark('?', { afterBlank: true, isIndent: this.#flowLevel === 0 })
    this.#node(key, inner)
    if (this.#flowLevel === 0 || this.#writer.isTooWide) this.#writer.newLine()
    this.#writer.mark(':', { afterBlank: true, isIndent: this.#flowLevel === 0 })
    this.#node(value, inner)
  }

  #scalar(datum: Datum, { isKey = false }: Place): void {
    const text = scalarText(datum)
    const style = this.#styleOf(datum, isKey)
    // PyYAML's mark for what would be text in quotes, but is none
    if (isMoment(datum) && style !== 'plain') this.#writer.mark('!', { afterBlank: true })
    const outer = this.#writer.indent
    this.#deeper(true, false)
    if (style === 'literal') this.#writer.literal(text, this.#indent)
    else if (style === 'plain') {
      this.#writer.plain(text, { canBreak: !isKey, isInFlow: this.#flowLevel > 0 })
    } else if (style === 'single') this.#writer.singleQuoted(text, !isKey)
    else this.#writer.doubleQuoted(text, !isKey)
    this.#writer.indent = outer
  }

  #styleOf(datum: Datum, isKey: boolean): 'plain' | 'single' | 'double' | 'literal' {
    const text = scalarText(datum)
    const analysis = analyzeScalar(text)
    if (isKey && analysis.isMultiline) return 'double'
    if (this.#layout.hasBlocks && analysis.isLiteral && this.#flowLevel === 0) return 'literal'
    const isAllowed = this.#flowLevel > 0 ? analysis.isFlowPlain : analysis.isBlockPlain
    const isEmpty = text === '' && (this.#flowLevel > 0 || isKey)
    const isOther = typeof datum === 'string' && readsAsOther(text)
    if (isAllowed && !isEmpty && !isOther) return 'plain'
    return analysis.isSingleQuoted ? 'single' : 'double'
  }
}

/** PyYAML leaves keys that have no order as they are. */
function sortedOrNot(map: DatumMap): MapKey[] {
  try {
    return sortedKeys(map)
  } catch (error) {
    if (error instanceof PythonError) return [...map.keys()]
    throw error
  }
}

function isSimpleKey(key: MapKey): boolean {
  const text = scalarText(key)
  return !analyzeScalar(text).isMultiline && Buffer.byteLength(text) <= MAX_KEY_BYTES
}

function isScalar(datum: Datum): boolean {
  return (
    typeof datum !== 'object' ||
    datum === null ||
    isNumber(datum) ||
    datum instanceof HostObject ||
    datum instanceof Undefined
  )
}

function scalarText(datum: Datum): string {
  if (typeof datum === 'string') return datum
  if (datum === null) return 'null'
  if (typeof datum === 'boolean') return datum ? 'true' : 'false'
  if (datum instanceof Undefined) throw undefinedError(datum)
  if (isNumber(datum)) return isFloat(datum) ? yamlFloat(numberText(datum)) : numberText(datum)
  if (isMoment(datum)) return datum.text()
  throw filterError(`cannot represent an object: ${pythonRepr(datum)}`)
}

function yamlFloat(text: string): string {
  if (text === 'nan') return '.nan'
  if (text === 'inf' || text === '-inf') return text.replace('inf', '.inf')
  return !text.includes('.') && text.includes('e') ? text.replace('e', '.0e') : text
}
