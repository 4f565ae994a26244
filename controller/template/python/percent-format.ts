import { checkText } from '../limits.ts'
import { type Datum, Tuple, isDict, isListDatum } from './datum.ts'
import { formatFloat } from './format-float.ts'
import { isFloat, isNumber, toDouble, truncate } from './number.ts'
import { PythonError, typeError, valueError } from './python-error.ts'
import { pythonRepr, stringRepr, toText } from './text.ts'
import { typeName } from './types.ts'

const FIELD = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([\s\S])?/gu

interface Field {
  readonly flags: string
  readonly width: number
  readonly precision: number | undefined
  readonly conversion: string
}

/** Python's `template % values`. */
export function percentFormat(template: string, values: Datum): string {
  const source = new Source(values)
  const text = template.replace(FIELD, (match, key, flags, width, precision, conversion) => {
    if (conversion === undefined) throw valueError('incomplete format')
    if (conversion === '%') return '%'
    if (key !== undefined) source.byName(String(key))
    const field: Field = {
      flags: String(flags ?? ''),
      width: width === '*' ? source.nextInteger() : Number(width ?? 0),
      precision: readPrecision(match, precision as string | undefined, source),
      conversion: String(conversion),
    }
    checkText(field.width)
    return pad(convert(field, source.next()), field)
  })
  source.finish()
  return text
}

function readPrecision(
  match: string,
  precision: string | undefined,
  source: Source,
): number | undefined {
  if (precision === '*') return source.nextInteger()
  if (precision !== undefined) return Number(precision)
  return /\.[hlL]?.$/u.test(match) ? 0 : undefined
}

class Source {
  readonly #values: Datum
  #place = 0
  #named: Datum | undefined
  #isNamed = false

  constructor(values: Datum) {
    this.#values = values
  }

  byName(key: string): void {
    if (!isDict(this.#values)) throw typeError('format requires a mapping')
    this.#named = this.#values.get(key)
    if (this.#named === undefined) throw new PythonError('KeyError', stringRepr(key))
    this.#isNamed = true
  }

  next(): Datum {
    if (this.#named !== undefined) {
      const value = this.#named
      this.#named = undefined
      return value
    }
    const values = this.#values instanceof Tuple ? this.#values : [this.#values]
    if (this.#place >= values.length) throw typeError('not enough arguments for format string')
    const value = values[this.#place] ?? null
    this.#place += 1
    return value
  }

  nextInteger(): number {
    const value = this.next()
    if (typeof value !== 'number') throw typeError('* wants int')
    return value
  }

  finish(): void {
    // what has items to be asked for by name need not be used up: a list passes for that, a tuple does not
    if (this.#isNamed || isDict(this.#values) || isListDatum(this.#values)) return
    const count = this.#values instanceof Tuple ? this.#values.length : 1
    if (this.#place < count) {
      throw typeError('not all arguments converted during string formatting')
    }
  }
}

function convert(field: Field, value: Datum): string {
  const { conversion, precision } = field
  if (conversion === 's') return cut(toText(value), precision)
  if (conversion === 'r' || conversion === 'a') return cut(pythonRepr(value), precision)
  if (conversion === 'c') return character(value)
  if ('diuxXo'.includes(conversion)) return wholeNumber(field, value)
  if ('eEfFgG'.includes(conversion)) return floatNumber(field, value)
  throw valueError(`unsupported format character '${conversion}'`)
}

function cut(text: string, precision: number | undefined): string {
  return precision === undefined ? text : Array.from(text).slice(0, precision).join('')
}

function character(value: Datum): string {
  if (typeof value === 'string' && Array.from(value).length === 1) return value
  if (typeof value === 'number' && Number.isInteger(value)) return String.fromCodePoint(value)
  throw typeError('%c requires int or char')
}

function wholeNumber(field: Field, value: Datum): string {
  if (!isNumber(value) || (isFloat(value) && !'diu'.includes(field.conversion))) {
    const wanted = 'diu'.includes(field.conversion) ? 'a real number' : 'an integer'
    throw typeError(`%${field.conversion} format: ${wanted} is required, not ${typeName(value)}`)
  }
  const whole = BigInt(isFloat(value) ? truncate(toDouble(value)) : value)
  const base = { x: 16, X: 16, o: 8 }[field.conversion] ?? 10
  const prefix = field.flags.includes('#')
    ? ({ x: '0x', X: '0X', o: '0o' }[field.conversion] ?? '')
    : ''
  let digits = (whole < 0n ? -whole : whole).toString(base)
  if (field.conversion === 'X') digits = digits.toUpperCase()
  digits = prefix + digits.padStart(field.precision ?? 0, '0')
  return signed(whole < 0n, digits, field)
}

function floatNumber(field: Field, value: Datum): string {
  if (!isNumber(value)) throw typeError(`must be real number, not ${typeName(value)}`)
  const double = toDouble(value)
  const isNegative = double < 0 || Object.is(double, -0)
  const digits = formatFloat(Math.abs(double), {
    conversion: field.conversion,
    precision: field.precision ?? 6,
    isAlternate: field.flags.includes('#'),
  })
  return signed(isNegative, digits, field)
}

function signed(isNegative: boolean, digits: string, field: Field): string {
  const mark = isNegative
    ? '-'
    : field.flags.includes('+')
      ? '+'
      : field.flags.includes(' ')
        ? ' '
        : ''
  if (field.flags.includes('0') && !field.flags.includes('-')) {
    return mark + digits.padStart(field.width - mark.length, '0')
  }
  return mark + digits
}

function pad(text: string, field: Field): string {
  const missing = field.width - Array.from(text).length
  if (missing <= 0) return text
  return field.flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text
}
