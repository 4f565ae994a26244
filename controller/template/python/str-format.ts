import { checkText } from '../limits.ts'
import { Undefined } from '../scope.ts'
import { itemOf } from './items.ts'
import { type Arguments, type Datum, HostObject } from './datum.ts'
import { formatFloat } from './format-float.ts'
import { isFloat, isNumber, numberText, parseInteger, toDouble } from './number.ts'
import type { PythonNumber } from './number.ts'
import { PythonError, typeError, valueError } from './python-error.ts'
import { pythonRepr, stringRepr, toText, undefinedError } from './text.ts'
import { typeName } from './types.ts'

/** Python's `template.format(...)`. */
export function strFormat(template: string, args: Arguments): string {
  return new Formatter(args).run(template, 2)
}

class Formatter {
  readonly #args: Arguments
  #place = 0

  constructor(args: Arguments) {
    this.#args = args
  }

  run(template: string, depth: number): string {
    if (depth < 0) throw valueError('Max string recursion exceeded')
    let text = ''
    let index = 0
    while (index < template.length) {
      const character = template[index] ?? ''
      if ((character === '{' || character === '}') && template[index + 1] === character) {
        text += character
        index += 2
      } else if (character === '{') {
        const end = closing(template, index)
        text += this.#field(template.slice(index + 1, end), depth)
        index = end + 1
      } else if (character === '}') {
        throw valueError("Single '}' encountered in format string")
      } else {
        text += character
        index += 1
      }
    }
    checkText(text.length)
    return text
  }

  #field(source: string, depth: number): string {
    const parts = /^([^!:[]*(?:\[[^\]]*\][^!:[]*)*)(?:!([rsa]))?(?::([\s\S]*))?$/u.exec(source)
    if (!parts) throw valueError("expected ':' after conversion specifier")
    const [, name = '', conversion, spec = ''] = parts
    let value = this.#value(name)
    if (conversion === 'r' || conversion === 'a') value = pythonRepr(value)
    if (conversion === 's') value = toText(value)
    return formatValue(value, this.run(spec, depth - 1))
  }

  #value(name: string): Datum {
    const [, first = '', rest = ''] = /^([^.[]*)([\s\S]*)$/u.exec(name) ?? []
    let value = this.#argument(first)
    for (const step of rest.matchAll(/\.([^.[]+)|\[([^\]]*)\]/gu)) {
      const [, attribute, item = ''] = step
      const found =
        attribute === undefined
          ? itemOf(value, parseInteger(item) ?? item)
          : partOf(value, attribute)
      if (found === undefined) throw missingPart(value, attribute, item)
      if (found instanceof Undefined) throw undefinedError(found)
      value = found
    }
    return value
  }

  #argument(first: string): Datum {
    if (first === '' || /^\d+$/u.test(first)) {
      const place = first === '' ? this.#place : Number(first)
      this.#place += first === '' ? 1 : 0
      const value = this.#args.positional[place]
      if (value !== undefined) return value
      const problem = `Replacement index ${place} out of range for positional args tuple`
      throw new PythonError('IndexError', problem)
    }
    const value = this.#args.named.get(first)
    if (value === undefined) throw new PythonError('KeyError', stringRepr(first))
    return value
  }
}

/** Plain values have no attributes that a text could show. */
function partOf(value: Datum, attribute: string): Datum | undefined {
  return value instanceof HostObject ? value.attribute(attribute) : undefined
}

function missingPart(value: Datum, attribute: string | undefined, item: string): PythonError {
  if (attribute === undefined) return new PythonError('KeyError', stringRepr(item))
  const problem = `'${typeName(value)}' object has no attribute '${attribute}'`
  return new PythonError('AttributeError', problem)
}

function closing(template: string, start: number): number {
  let depth = 0
  for (let index = start; index < template.length; index += 1) {
    if (template[index] === '{') depth += 1
    else if (template[index] === '}') {
      depth -= 1
      if (depth === 0) return index
    }
  }
  throw valueError(
    start === template.length - 1
      ? "Single '{' encountered in format string"
      : "expected '}' before end of string",
  )
}

const SPEC = /^(?:([\s\S])?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u

interface Spec {
  readonly fill: string
  readonly align: string
  readonly sign: string
  readonly isAlternate: boolean
  readonly width: number
  readonly grouping: string
  readonly precision: number | undefined
  readonly type: string
}

/** Python's `format(value, spec)`. */
function formatValue(value: Datum, source: string): string {
  if (source === '') return toText(value)
  if (value instanceof HostObject) return value.text()
  if (typeof value !== 'string' && !isNumber(value)) {
    throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`)
  }
  const found = SPEC.exec(source)
  if (!found) {
    throw valueError(`Invalid format specifier '${source}' for object of type '${typeName(value)}'`)
  }
  const isNumeric = isNumber(value)
  const spec: Spec = {
    fill: found[1] ?? (found[5] !== undefined ? '0' : ' '),
    align: found[2] ?? (found[5] !== undefined && isNumeric ? '=' : isNumeric ? '>' : '<'),
    sign: found[3] ?? '-',
    isAlternate: found[4] !== undefined,
    width: Number(found[6] ?? 0),
    grouping: found[7] ?? '',
    precision: found[8] === undefined ? undefined : Number(found[8]),
    type: found[9] ?? '',
  }
  checkText(spec.width)
  if (isNumber(value)) return numeric(value, spec)
  if (spec.type !== '' && spec.type !== 's') {
    throw valueError(`Unknown format code '${spec.type}' for object of type '${typeName(value)}'`)
  }
  if (found[3] !== undefined) throw valueError('Sign not allowed in string format specifier')
  if (spec.grouping !== '') throw valueError(`Cannot specify '${spec.grouping}' with 's'.`)
  const text = toText(value)
  return aligned(
    '',
    spec.precision === undefined ? text : Array.from(text).slice(0, spec.precision).join(''),
    spec,
  )
}

function numeric(value: PythonNumber, spec: Spec): string {
  const isNegative = toDouble(value) < 0 || Object.is(toDouble(value), -0)
  const [prefix, digits] =
    'bcdoxXn'.includes(spec.type) && spec.type !== '' ? whole(value, spec) : decimal(value, spec)
  const mark = isNegative ? '-' : spec.sign === '-' ? '' : spec.sign
  return aligned(mark + prefix, grouped(digits, spec), spec)
}

function whole(value: PythonNumber, spec: Spec): readonly [string, string] {
  if (isFloat(value)) {
    throw valueError(`Unknown format code '${spec.type}' for object of type 'float'`)
  }
  const size = BigInt(value)
  if (spec.type === 'c') return ['', String.fromCodePoint(Number(size))]
  const base = { b: 2, o: 8, x: 16, X: 16 }[spec.type] ?? 10
  const digits = (size < 0n ? -size : size).toString(base)
  const prefix = spec.isAlternate && base !== 10 ? `0${spec.type}` : ''
  return [prefix, spec.type === 'X' ? digits.toUpperCase() : digits]
}

function decimal(value: PythonNumber, spec: Spec): readonly [string, string] {
  const isWhole = !isFloat(value)
  if (spec.type === '' && spec.precision === undefined) {
    return ['', numberText(typeof value === 'boolean' ? Number(value) : value).replace(/^-/u, '')]
  }
  if (spec.type === '' && isWhole)
    throw valueError('Precision not allowed in integer format specifier')
  const size = Math.abs(toDouble(value))
  const precision = spec.precision ?? 6
  if (spec.type === '%') return ['', `${formatFloat(size * 100, { conversion: 'f', precision })}%`]
  if (!'eEfFgG'.includes(spec.type)) {
    throw valueError(`Unknown format code '${spec.type}' for object of type '${typeName(value)}'`)
  }
  const conversion = spec.type === '' ? 'g' : spec.type
  return ['', formatFloat(size, { conversion, precision, isAlternate: spec.isAlternate })]
}

function grouped(digits: string, spec: Spec): string {
  if (spec.grouping === '') return digits
  const [whole = '', ...rest] = digits.split(/(?=[.e%])/u)
  return whole.replace(/\B(?=(?:\w{3})+$)/gu, spec.grouping) + rest.join('')
}

function aligned(mark: string, body: string, spec: Spec): string {
  const missing = spec.width - Array.from(mark + body).length
  if (missing <= 0) return mark + body
  const fill = (count: number): string => spec.fill.repeat(count)
  if (spec.align === '=') return mark + fill(missing) + body
  if (spec.align === '<') return mark + body + fill(missing)
  if (spec.align === '>') return fill(missing) + mark + body
  const before = Math.floor(missing / 2)
  return fill(before) + mark + body + fill(missing - before)
}
