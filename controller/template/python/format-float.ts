import { exactFixed } from './number.ts'

/** What a float is to look like. */
export interface FloatFormat {
  /** One of `e E f F g G`. */
  readonly conversion: string
  readonly precision: number
  /** Keep trailing zeros in `g`. */
  readonly isAlternate?: boolean
}

/** Writes a float that is not negative as C's printf does. */
export function formatFloat(value: number, format: FloatFormat): string {
  const { conversion, precision, isAlternate = false } = format
  const isUpper = conversion === conversion.toUpperCase()
  const text = special(value) ?? shaped(value, conversion.toLowerCase(), precision, isAlternate)
  return isUpper ? text.toUpperCase() : text
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'nan'
  return Number.isFinite(value) ? undefined : 'inf'
}

function shaped(value: number, kind: string, precision: number, isAlternate: boolean): string {
  if (kind === 'f') return exactFixed(value, precision)
  if (kind === 'e') return exponential(value, precision)
  return general(value, precision === 0 ? 1 : precision, isAlternate)
}

function exponential(value: number, precision: number): string {
  return value.toExponential(Math.min(precision, 100)).replace(/e([+-])(\d)$/u, 'e$10$2')
}

function general(value: number, precision: number, isAlternate: boolean): string {
  const exponent = value === 0 ? 0 : Number(value.toExponential(precision - 1).split('e')[1])
  if (exponent < -4 || exponent >= precision) {
    const text = exponential(value, precision - 1)
    return isAlternate ? text : text.replace(/\.?0+e/u, 'e')
  }
  const text = exactFixed(value, precision - 1 - exponent)
  return isAlternate || !text.includes('.') ? text : text.replace(/\.?0+$/u, '')
}
