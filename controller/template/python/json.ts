import { jsonKey } from '../../../proto/json-text.ts'
import { Float, isMoment } from '../../../proto/value.ts'
import { checkText } from '../limits.ts'
import { Undefined } from '../scope.ts'
import { type Datum, type DatumMap, HostObject, isSequence } from './datum.ts'
import { isNumber, numberText } from './number.ts'
import { limitError, typeError } from './python-error.ts'
import { sortedKeys } from './sorted.ts'
import { undefinedError } from './text.ts'
import { typeName } from './types.ts'

/** How JSON is laid out, as for Python's `json.dumps`. */
export interface JsonLayout {
  readonly indent?: string | undefined
  readonly isSorted?: boolean
  readonly isAscii?: boolean
  readonly itemSeparator?: string
  readonly keySeparator?: string
}

const MAX_DEPTH = 900

/** JSON as Python's `json.dumps` writes it: `{"a": 1, "b": [1, 2]}`. */
export function jsonText(datum: Datum, layout: JsonLayout = {}): string {
  const text = new JsonWriter(layout).write(datum, 0)
  checkText(text.length)
  return text
}

class JsonWriter {
  readonly #indent: string | undefined
  readonly #isSorted: boolean
  readonly #isAscii: boolean
  readonly #item: string
  readonly #key: string

  constructor({
    indent,
    isSorted = false,
    isAscii = true,
    itemSeparator,
    keySeparator = ': ',
  }: JsonLayout) {
    this.#indent = indent
    this.#isSorted = isSorted
    this.#isAscii = isAscii
    this.#item = itemSeparator ?? (indent === undefined ? ', ' : ',')
    this.#key = keySeparator
  }

  write(datum: Datum, depth: number): string {
    if (depth > MAX_DEPTH) throw limitError('a value is nested too deeply for JSON')
    if (datum === null) return 'null'
    if (typeof datum === 'boolean') return datum ? 'true' : 'false'
    if (typeof datum === 'string') return jsonString(datum, this.#isAscii)
    if (isNumber(datum) || datum instanceof Float) return jsonNumber(datum)
    if (datum instanceof Undefined) throw undefinedError(datum)
    if (datum instanceof HostObject) return this.#object(datum)
    return isSequence(datum) ? this.#list(datum, depth) : this.#map(datum, depth)
  }

  #object(datum: HostObject): string {
    if (isMoment(datum)) return jsonString(datum.isoText(), this.#isAscii)
    const type = typeName(datum).replace(/^.*\./u, '')
    throw typeError(`Object of type ${type} is not JSON serializable`)
  }

  #list(items: readonly Datum[], depth: number): string {
    return this.#laidOut(
      '[]',
      Array.from(items, (item) => this.write(item, depth + 1)),
      depth,
    )
  }

  #map(map: DatumMap, depth: number): string {
    const keys = this.#isSorted ? sortedKeys(map) : [...map.keys()]
    const parts = keys.map((key) => {
      const value = this.write(map.get(key) ?? null, depth + 1)
      return `${jsonString(jsonKey(key), this.#isAscii)}${this.#key}${value}`
    })
    return this.#laidOut('{}', parts, depth)
  }

  #laidOut(brackets: '[]' | '{}', parts: readonly string[], depth: number): string {
    const [open = '', close = ''] = brackets
    if (parts.length === 0) return brackets
    if (this.#indent === undefined) return open + parts.join(this.#item) + close
    const inner = `\n${this.#indent.repeat(depth + 1)}`
    return `${open}${inner}${parts.join(this.#item + inner)}\n${this.#indent.repeat(depth)}${close}`
  }
}

function jsonNumber(value: number | bigint | boolean | Float): string {
  const text = numberText(value)
  const special: Readonly<Record<string, string>> = {
    nan: 'NaN',
    inf: 'Infinity',
    '-inf': '-Infinity',
  }
  return Object.hasOwn(special, text) ? (special[text] ?? text) : text
}

function jsonString(text: string, isAscii: boolean): string {
  const quoted = JSON.stringify(text)
  if (!isAscii) return quoted
  // without the u flag, so that each half of a pair is written by itself, as Python does
  return quoted.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
