import { type Datum, HostFunction } from './datum.ts'
import { type PythonNumber, isFloat, toDouble } from './number.ts'

/** The attributes and methods of Python's numbers that templates have a use for. */
export function numberAttribute(value: PythonNumber, name: string): Datum | undefined {
  if (name === 'real') return typeof value === 'boolean' ? Number(value) : value
  if (name === 'imag') return 0
  if (isFloat(value)) {
    if (name !== 'is_integer') return undefined
    return new HostFunction(name, () => Number.isInteger(toDouble(value)))
  }
  if (name === 'numerator') return value
  if (name === 'denominator') return 1
  if (name !== 'bit_length') return undefined
  const size = BigInt(value)
  const bits = size === 0n ? 0 : (size < 0n ? -size : size).toString(2).length
  return new HostFunction(name, () => bits)
}
