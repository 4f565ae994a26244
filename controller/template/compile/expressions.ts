import { applyFilter, applyTest } from '../call-context.ts'
import { checkText } from '../limits.ts'
import { getAttribute, getItem } from '../python/access.ts'
import { arithmetic, sign } from '../python/arithmetic.ts'
import { compare, isEqual, isTrue } from '../python/compare.ts'
import { type Arguments, type Datum, isDict, newDict, noArguments, tuple } from '../python/datum.ts'
import { callDatum } from '../python/host-objects.ts'
import { contains, dictKey, iterate } from '../python/iterate.ts'
import { getSlice } from '../python/items.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { SoftUndefined } from '../python/soft-undefined.ts'
import { toText, undefinedError } from '../python/text.ts'
import { STRING_FILTERS } from '../filters/string-filters.ts'
import { Undefined } from '../scope.ts'
import type { CallArguments, Comparison, Expression, Place } from '../syntax/nodes.ts'
import type { Evaluate, Frame } from './frame.ts'

/** The node of one kind. */
type Node<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>

/** Makes a function of an expression. */
export function compileExpression(node: Expression): Evaluate {
  switch (node.kind) {
    case 'constant': {
      const { value } = node
      return () => value
    }
    case 'name': {
      const { name } = node
      return (frame) => frame.lookup(name)
    }
    case 'attribute':
      return compileAttribute(node)
    case 'item':
      return compileItem(node)
    case 'list':
      return compileList(node.items)
    case 'tuple': {
      const items = compileList(node.items)
      return (frame) => tuple(items(frame))
    }
    case 'dict':
      return compileDict(node)
    case 'call':
      return compileCall(node)
    case 'filter':
      return compileFilter(node)
    case 'test':
      return compileTest(node)
    case 'not': {
      const of = compileExpression(node.of)
      return (frame) => !isTrue(of(frame))
    }
    case 'sign': {
      const of = compileExpression(node.of)
      return located(node.place, (frame) => sign(node.operator, of(frame)))
    }
    case 'logic':
      return compileLogic(node)
    case 'arithmetic': {
      const [left, right] = [compileExpression(node.left), compileExpression(node.right)]
      return located(node.place, (frame) => arithmetic(node.operator, left(frame), right(frame)))
    }
    case 'concat':
      return compileConcat(node)
    case 'compare':
      return compileComparison(node)
    case 'choice':
      return compileChoice(node)
    case 'slice':
      throw new PythonError('TemplateSyntaxError', 'a slice stands outside of brackets')
    case 'filtered block':
      return (frame) => frame.lookup(FILTERED_BLOCK)
  }
}

/** The name under which the text of a filter block is handed to its filters; no template can write it. */
export const FILTERED_BLOCK = ' filtered block'

/** Notes in an error where in the template it arose. */
function located(place: Place, evaluate: Evaluate): Evaluate {
  return (frame) => {
    try {
      return evaluate(frame)
    } catch (error) {
      throw locate(error, place)
    }
  }
}

/** The error, with `place` noted unless an inner place was. */
export function locate(error: unknown, place: Place): unknown {
  if (error instanceof PythonError && error.line === undefined) {
    error.line = place.line
    error.column = place.column
  }
  return error
}

function compileAttribute({ of, name }: Node<'attribute'>): Evaluate {
  const value = compileExpression(of)
  return (frame) => getAttribute(value(frame), name)
}

function compileItem({ of, key, place }: Node<'item'>): Evaluate {
  const value = compileExpression(of)
  if (key.kind === 'slice') {
    const parts = key.parts.map((part) => part && compileExpression(part))
    const [start, stop, step] = parts
    return located(place, (frame) =>
      getSlice(value(frame), [
        start?.(frame) ?? null,
        stop?.(frame) ?? null,
        step?.(frame) ?? null,
      ]),
    )
  }
  const index = compileExpression(key)
  return located(place, (frame) => getItem(value(frame), index(frame)))
}

function compileList(nodes: readonly Expression[]): (frame: Frame) => Datum[] {
  const items = nodes.map(compileExpression)
  return (frame) => items.map((item) => item(frame))
}

function compileDict({ pairs }: Node<'dict'>): Evaluate {
  const compiled = pairs.map(
    ([key, value]) => [compileExpression(key), compileExpression(value)] as const,
  )
  return (frame) =>
    newDict(compiled.map(([key, value]) => [dictKey(key(frame)), value(frame)] as const))
}

function compileCall({ callee, args, place }: Node<'call'>): Evaluate {
  const target = compileExpression(callee)
  const values = compileArguments(args)
  return located(place, (frame) => {
    const called = target(frame)
    if (called instanceof Undefined) throw undefinedError(called)
    return callDatum(called, values(frame))
  })
}

/** Makes a function that evaluates the arguments of a call. */
export function compileArguments(node: CallArguments): (frame: Frame) => Arguments {
  const { positional, named, spread, spreadNamed } = node
  if (positional.length === 0 && named.length === 0 && !spread && !spreadNamed)
    return () => noArguments
  const places = compileList(positional)
  const names = named.map(([name, value]) => [name, compileExpression(value)] as const)
  const more = spread && compileExpression(spread)
  const moreNamed = spreadNamed && compileExpression(spreadNamed)
  return (frame) => {
    const values = places(frame)
    const byName = new Map(names.map(([name, value]) => [name, value(frame)] as const))
    if (more) values.push(...iterate(more(frame)))
    if (moreNamed) for (const [name, value] of mapEntries(moreNamed(frame))) byName.set(name, value)
    return { positional: values, named: byName }
  }
}

function mapEntries(datum: Datum): readonly (readonly [string, Datum])[] {
  if (!isDict(datum)) throw typeError('argument after ** must be a mapping')
  return Array.from(datum, ([name, value]) => {
    if (typeof name === 'string') return [name, value] as const
    throw typeError('keywords must be strings')
  })
}

function compileFilter({ of, name, args, place }: Node<'filter'>): Evaluate {
  const input = compileExpression(of)
  const values = compileArguments(args)
  const isTextFilter = STRING_FILTERS.has(name)
  return located(place, (frame) => {
    const { context } = frame.render.parts
    const definition = context.world.registry.filter(name)
    const value = input(frame)
    const result = applyFilter(definition, { name, input: value, args: values(frame), context })
    if (isTextFilter && typeof result === 'string') frame.render.texts.add(result)
    return result
  })
}

function compileTest({ of, name, args, place }: Node<'test'>): Evaluate {
  const input = compileExpression(of)
  const values = compileArguments(args)
  return located(place, (frame) => {
    const { context } = frame.render.parts
    const definition = context.world.registry.test(name)
    return applyTest(definition, { name, input: input(frame), args: values(frame), context })
  })
}

function compileLogic(node: Node<'logic'>): Evaluate {
  const [left, right] = [compileExpression(node.left), compileExpression(node.right)]
  const isAnd = node.operator === 'and'
  return (frame) => {
    const value = left(frame)
    return isTrue(value) === isAnd ? right(frame) : value
  }
}

function compileConcat({ parts }: Node<'concat'>): Evaluate {
  const compiled = parts.map(compileExpression)
  return (frame) => {
    const text = compiled.map((part) => toText(part(frame))).join('')
    checkText(text.length)
    return text
  }
}

function compileChoice({ test, whenTrue, otherwise, place }: Node<'choice'>): Evaluate {
  const [isChosen, first] = [compileExpression(test), compileExpression(whenTrue)]
  const second = otherwise && compileExpression(otherwise)
  return located(place, (frame) => {
    if (isTrue(isChosen(frame))) return first(frame)
    return second ? second(frame) : new SoftUndefined(withoutElse(place))
  })
}

function withoutElse(place: Place): string {
  return `the inline if-expression on line ${place.line} evaluated to false and no else section was defined.`
}

function compileComparison({ first, rest, place }: Node<'compare'>): Evaluate {
  const start = compileExpression(first)
  const steps = rest.map(([operator, operand]) => [operator, compileExpression(operand)] as const)
  return located(place, (frame) => {
    let left = start(frame)
    for (const [operator, operand] of steps) {
      const right = operand(frame)
      if (!holds(operator, left, right)) return false
      left = right
    }
    return true
  })
}

function holds(operator: Comparison, left: Datum, right: Datum): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right)
    case '!=':
      return !isEqual(left, right)
    case 'in':
      return contains(right, left)
    case 'not in':
      return !contains(right, left)
    case '<':
      return compare(left, right, operator) < 0
    case '<=':
      return compare(left, right, operator) <= 0
    case '>':
      return compare(left, right, operator) > 0
    case '>=':
      return compare(left, right, operator) >= 0
  }
}
