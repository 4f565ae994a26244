import { isEqual } from '../python/compare.ts'
import { type Datum, isDict, isSequence, newDict } from '../python/datum.ts'
import { getSlice } from '../python/items.ts'
import { isNumber, toDouble } from '../python/number.ts'
import { callFunction } from './functions.ts'
import type { Query } from './nodes.ts'
import { parseQuery } from './parse.ts'

/** What a JMESPath expression finds in a value. */
export function search(expression: string, value: Datum): Datum {
  return evaluate(parseQuery(expression), value)
}

/** JMESPath's truth: empty lists, maps and texts, false and null are false; 0 is true. */
function isTruthy(value: Datum): boolean {
  if (value === null || value === false || value === '') return false
  if (isSequence(value)) return value.length > 0
  return !isDict(value) || value.size > 0
}

function evaluate(query: Query, value: Datum): Datum {
  switch (query.kind) {
    case 'current':
      return value
    case 'literal':
      return query.value
    case 'field':
      return isDict(value) ? (value.get(query.name) ?? null) : null
    case 'index':
      return isSequence(value) ? (value.at(query.place) ?? null) : null
    case 'slice': {
      const [start = null, stop = null, step = null] = query.parts
      return isSequence(value) ? getSlice(value, [start, stop, step]) : null
    }
    case 'sub':
    case 'pipe':
      return evaluate(query.right, evaluate(query.left, value))
    case 'list projection':
      return project(evaluate(query.left, value), query.right)
    case 'map projection': {
      const map = evaluate(query.left, value)
      return isDict(map) ? project([...map.values()], query.right) : null
    }
    case 'filter': {
      const list = evaluate(query.left, value)
      if (!isSequence(list)) return null
      return project(
        list.filter((item) => isTruthy(evaluate(query.test, item))),
        query.right,
      )
    }
    case 'flatten':
      return flattened(evaluate(query.of, value))
    case 'list':
      return value === null ? null : query.items.map((item) => evaluate(item, value))
    case 'map':
      if (value === null) return null
      return newDict(query.pairs.map(([key, item]) => [key, evaluate(item, value)] as const))
    case 'or':
    case 'and': {
      const left = evaluate(query.left, value)
      return isTruthy(left) === (query.kind === 'and') ? evaluate(query.right, value) : left
    }
    case 'not':
      return !isTruthy(evaluate(query.of, value))
    case 'compare':
      return compare(query.operator, evaluate(query.left, value), evaluate(query.right, value))
    case 'call':
      return callFunction(
        query.name,
        query.args.map((arg) =>
          arg.kind === 'reference' ? (item: Datum) => evaluate(arg.to, item) : evaluate(arg, value),
        ),
      )
    case 'reference':
      return null
  }
}

function flattened(list: Datum): Datum {
  if (!isSequence(list)) return null
  return list.flatMap((item) => (isSequence(item) ? [...item] : [item]))
}

function project(list: Datum, right: Query): Datum {
  if (!isSequence(list)) return null
  return list.map((item) => evaluate(right, item)).filter((item) => item !== null)
}

function compare(operator: string, left: Datum, right: Datum): Datum {
  if (operator === '==') return isSame(left, right)
  if (operator === '!=') return !isSame(left, right)
  if (
    !isNumber(left) ||
    !isNumber(right) ||
    typeof left === 'boolean' ||
    typeof right === 'boolean'
  )
    return null
  const [a, b] = [toDouble(left), toDouble(right)]
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  return operator === '>' ? a > b : a >= b
}

/** Equal in JSON: true is not 1. */
function isSame(left: Datum, right: Datum): boolean {
  return typeof left === 'boolean' || typeof right === 'boolean'
    ? left === right
    : isEqual(left, right)
}
