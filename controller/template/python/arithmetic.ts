import { Float } from '../../../proto/value.ts'
import { MAX_INTEGER_BITS, checkItems, checkText } from '../limits.ts'
import { Undefined } from '../scope.ts'
import { SoftUndefined } from './soft-undefined.ts'
import { type Datum, HostObject, Tuple, isListDatum, isSequence, tuple } from './datum.ts'
import { addTimes, subtractTimes } from './datetime.ts'
import {
  type PythonNumber,
  float,
  integer,
  isFloat,
  isInteger,
  isNumber,
  toBigInt,
  toDouble,
} from './number.ts'
import { percentFormat } from './percent-format.ts'
import { PythonError, limitError, typeError, valueError } from './python-error.ts'
import { undefinedError } from './text.ts'
import { typeName } from './types.ts'

/** The binary operators of an expression. */
export type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**'

/**
 * Python's arithmetic on any two values.
 *
 * @throws {PythonError} as Python would.
 */
export function arithmetic(operator: Operator, left: Datum, right: Datum): Datum {
  if (typeof left === 'number' && typeof right === 'number') {
    const quick = safeIntegers(operator, left, right)
    if (quick !== undefined) return quick
  }
  if (left instanceof Undefined) throw undefinedError(left)
  if (left instanceof SoftUndefined) throw left.error()
  if (isNumber(left) && isNumber(right)) return numbers(operator, left, right)
  if (!(operator === '%' && typeof left === 'string')) {
    if (right instanceof Undefined) throw undefinedError(right)
    if (right instanceof SoftUndefined) throw right.error()
  }
  return others(operator, left, right) ?? unsupported(operator, left, right)
}

function safeIntegers(operator: Operator, left: number, right: number): number | undefined {
  if (!Number.isSafeInteger(left) || !Number.isSafeInteger(right)) return undefined
  let result: number
  if (operator === '+') result = left + right
  else if (operator === '-') result = left - right
  else if (operator === '*') result = left * right
  else return undefined
  return Number.isSafeInteger(result) ? result + 0 : undefined
}

function others(operator: Operator, left: Datum, right: Datum): Datum | undefined {
  if (operator === '%' && typeof left === 'string') return percentFormat(left, right)
  if (operator === '+') return addOthers(left, right)
  if (operator === '*') {
    if (isInteger(right)) return repeat(left, right)
    if (isInteger(left)) return repeat(right, left)
  }
  if (operator === '-' && left instanceof HostObject) return subtractTimes(left, right)
  return undefined
}

function addOthers(left: Datum, right: Datum): Datum | undefined {
  if (typeof left === 'string') {
    if (typeof right !== 'string') {
      throw typeError(`can only concatenate str (not "${typeName(right)}") to str`)
    }
    checkText(left.length + right.length)
    return left + right
  }
  if (isSequence(left)) return concatenate(left, right)
  if (left instanceof HostObject) return addTimes(left, right)
  return undefined
}

function concatenate(left: readonly Datum[], right: Datum): Datum {
  if (!isSequence(right) || left instanceof Tuple !== right instanceof Tuple) {
    const name = typeName(left)
    throw typeError(`can only concatenate ${name} (not "${typeName(right)}") to ${name}`)
  }
  checkItems(left.length + right.length)
  return left instanceof Tuple ? tuple([...left, ...right]) : [...left, ...right]
}

function repeat(left: Datum, count: number | bigint | boolean): Datum | undefined {
  const times = Math.max(0, Number(count))
  if (typeof left === 'string') {
    checkText(left.length * times)
    return left.repeat(times)
  }
  if (!isSequence(left)) return undefined
  checkItems(left.length * times)
  const items = Array.from({ length: times }, () => left).flat(1) as readonly Datum[]
  return isListDatum(left) ? items : tuple(items)
}

function unsupported(operator: Operator, left: Datum, right: Datum): never {
  const shown = operator === '**' ? '** or pow()' : operator
  throw typeError(
    `unsupported operand type(s) for ${shown}: '${typeName(left)}' and '${typeName(right)}'`,
  )
}

function numbers(operator: Operator, left: PythonNumber, right: PythonNumber): Datum {
  if (operator === '/') return trueDivision(left, right)
  if (isFloat(left) || isFloat(right))
    return float(doubles(operator, toDouble(left), toDouble(right)))
  return integers(operator, toBigInt(left), toBigInt(right))
}

function trueDivision(left: PythonNumber, right: PythonNumber): Datum {
  const divisor = toDouble(right)
  if (divisor === 0)
    throw divisionByZero(
      isFloat(left) || isFloat(right) ? 'float division by zero' : 'division by zero',
    )
  return float(toDouble(left) / divisor)
}

function divisionByZero(message: string): PythonError {
  return new PythonError('ZeroDivisionError', message)
}

function doubles(operator: Operator, left: number, right: number): number {
  if (operator === '+') return left + right
  if (operator === '-') return left - right
  if (operator === '*') return left * right
  if (operator === '**') return power(left, right)
  if (right === 0) {
    throw divisionByZero(operator === '%' ? 'float modulo' : 'float floor division by zero')
  }
  const rest = floorModulo(left, right)
  return operator === '%' ? rest : Math.round((left - rest) / right)
}

function power(left: number, right: number): number {
  if (left === 0 && right < 0) throw divisionByZero('0.0 cannot be raised to a negative power')
  const result = left ** right
  if (Number.isNaN(result) && !Number.isNaN(left) && !Number.isNaN(right)) {
    throw valueError('a power that is a complex number')
  }
  if (!Number.isFinite(result) && Number.isFinite(left) && Number.isFinite(right)) {
    throw new PythonError('OverflowError', "(34, 'Numerical result out of range')")
  }
  return result
}

function floorModulo(left: number, right: number): number {
  const rest = left % right
  if (rest === 0) return Object.is(right, -0) || right < 0 ? -0 : 0
  return rest < 0 !== right < 0 ? rest + right : rest
}

function integers(operator: Operator, left: bigint, right: bigint): Datum {
  if (operator === '+') return integer(left + right)
  if (operator === '-') return integer(left - right)
  if (operator === '*') return integer(bounded(left, right, left * right))
  if (operator === '**') return integerPower(left, right)
  if (right === 0n)
    throw divisionByZero(
      operator === '%' ? 'integer modulo by zero' : 'integer division or modulo by zero',
    )
  const quotient = left / right
  const rest = left % right
  const isOff = rest !== 0n && rest < 0n !== right < 0n
  if (operator === '%') return integer(isOff ? rest + right : rest)
  return integer(isOff ? quotient - 1n : quotient)
}

function bounded(left: bigint, right: bigint, result: bigint): bigint {
  if (bits(left) + bits(right) > MAX_INTEGER_BITS) throw limitError('an integer grows too large')
  return result
}

function bits(value: bigint): number {
  return value.toString(16).length * 4
}

function integerPower(base: bigint, exponent: bigint): Datum {
  if (exponent < 0n) return float(power(Number(base), Number(exponent)))
  if (base > 1n || base < -1n) {
    if (exponent * BigInt(bits(base)) > BigInt(MAX_INTEGER_BITS)) {
      throw limitError('an integer grows too large')
    }
  }
  return integer(base ** exponent)
}

/** Python's unary minus and plus. */
export function sign(operator: '-' | '+', datum: Datum): Datum {
  if (datum instanceof Undefined) throw undefinedError(datum)
  if (datum instanceof SoftUndefined) throw datum.error()
  if (!isNumber(datum)) {
    throw typeError(`bad operand type for unary ${operator}: '${typeName(datum)}'`)
  }
  if (typeof datum === 'boolean') return operator === '-' ? 0 - Number(datum) : Number(datum)
  if (operator === '+') return datum
  if (datum instanceof Float) return new Float(-datum.value)
  if (typeof datum === 'bigint') return integer(-datum)
  return datum === 0 ? 0 : -datum
}
