import { parseInteger } from '../python/number.ts'
import type { Operator } from '../python/arithmetic.ts'
import type { CallArguments, Comparison, Expression } from './nodes.ts'
import { parseLiteralOrName } from './parse-literal.ts'
import type { TokenStream } from './token-stream.ts'
import { describeToken } from './tokens.ts'

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])
const noCallArguments: CallArguments = { positional: [], named: [] }

/** Reads one expression, with an inline `if`. */
export function parseExpression(stream: TokenStream, hasChoice = true): Expression {
  if (!hasChoice) return parseOr(stream)
  const place = stream.place()
  let expression = parseOr(stream)
  while (stream.skip('name', 'if')) {
    const test = parseOr(stream)
    const otherwise = stream.skip('name', 'else') ? parseExpression(stream) : undefined
    expression = { kind: 'choice', place, test, whenTrue: expression, otherwise }
  }
  return expression
}

/** Where a list of expressions without brackets ends, and what it may hold. */
export interface TupleOptions {
  readonly hasChoice?: boolean
  /** In parentheses, where nothing at all is an empty tuple. */
  readonly isBracketed?: boolean
}

/** Reads an expression, or a tuple where commas follow. */
export function parseTuple(stream: TokenStream, options: TupleOptions = {}): Expression {
  const { hasChoice = true, isBracketed = false } = options
  const place = stream.place()
  const items: Expression[] = []
  let isTuple = false
  while (!isTupleEnd(stream)) {
    items.push(parseExpression(stream, hasChoice))
    if (!stream.is('operator', ',')) break
    isTuple = true
    stream.take()
  }
  const [first] = items
  if (!isTuple && first) return first
  if (!isTuple && !isBracketed) {
    throw stream.fail(`Expected an expression, got '${describeToken(stream.look())}'`)
  }
  return { kind: 'tuple', place, items }
}

function isTupleEnd(stream: TokenStream): boolean {
  return stream.is('variable_end') || stream.is('block_end') || stream.is('operator', ')')
}

function parseOr(stream: TokenStream): Expression {
  const place = stream.place()
  let left = parseAnd(stream)
  while (stream.skip('name', 'or'))
    left = { kind: 'logic', operator: 'or', place, left, right: parseAnd(stream) }
  return left
}

function parseAnd(stream: TokenStream): Expression {
  const place = stream.place()
  let left = parseNot(stream)
  while (stream.skip('name', 'and'))
    left = { kind: 'logic', operator: 'and', place, left, right: parseNot(stream) }
  return left
}

function parseNot(stream: TokenStream): Expression {
  const place = stream.place()
  if (stream.skip('name', 'not')) return { kind: 'not', place, of: parseNot(stream) }
  return parseCompare(stream)
}

function parseCompare(stream: TokenStream): Expression {
  const place = stream.place()
  const first = parseSum(stream)
  const rest: (readonly [Comparison, Expression])[] = []
  for (let operator = comparison(stream); operator; operator = comparison(stream)) {
    rest.push([operator, parseSum(stream)])
  }
  return rest.length === 0 ? first : { kind: 'compare', place, first, rest }
}

function comparison(stream: TokenStream): Comparison | undefined {
  const { kind, text } = stream.look()
  if (kind === 'operator' && COMPARISONS.has(text)) return stream.take().text as Comparison
  if (stream.skip('name', 'in')) return 'in'
  if (!stream.is('name', 'not') || !stream.is('name', 'in', 1)) return undefined
  stream.take()
  stream.take()
  return 'not in'
}

function parseSum(stream: TokenStream): Expression {
  return leftToRight(stream, ['+', '-'], parseConcat)
}

function leftToRight(
  stream: TokenStream,
  operators: readonly Operator[],
  parse: (stream: TokenStream) => Expression,
): Expression {
  const place = stream.place()
  let left = parse(stream)
  for (;;) {
    const operator = operators.find((text) => stream.is('operator', text))
    if (!operator) return left
    stream.take()
    left = { kind: 'arithmetic', place, operator, left, right: parse(stream) }
  }
}

function parseConcat(stream: TokenStream): Expression {
  const place = stream.place()
  const first = parseProduct(stream)
  const parts = [first]
  while (stream.skip('operator', '~')) parts.push(parseProduct(stream))
  return parts.length === 1 ? first : { kind: 'concat', place, parts }
}

function parseProduct(stream: TokenStream): Expression {
  return leftToRight(stream, ['*', '/', '//', '%'], parsePower)
}

function parsePower(stream: TokenStream): Expression {
  return leftToRight(stream, ['**'], parseUnary)
}

function parseUnary(stream: TokenStream, hasFilter = true): Expression {
  const place = stream.place()
  let node: Expression
  if (stream.skip('operator', '-'))
    node = { kind: 'sign', place, operator: '-', of: parseUnary(stream, false) }
  else if (stream.skip('operator', '+'))
    node = { kind: 'sign', place, operator: '+', of: parseUnary(stream, false) }
  else node = parsePrimary(stream)
  node = parsePostfix(stream, node)
  return hasFilter ? parseFilters(stream, node) : node
}

/** Reads a name, a literal, or what stands in brackets. */
export function parsePrimary(stream: TokenStream): Expression {
  const simple = parseLiteralOrName(stream)
  if (simple) return simple
  if (stream.skip('operator', '(')) {
    const node = parseTuple(stream, { isBracketed: true })
    stream.expect('operator', ')')
    return node
  }
  if (stream.is('operator', '[')) return parseList(stream)
  if (stream.is('operator', '{')) return parseDict(stream)
  throw stream.fail(`unexpected '${describeToken(stream.look())}'`)
}

function parseList(stream: TokenStream): Expression {
  const place = stream.place()
  stream.expect('operator', '[')
  const items: Expression[] = []
  while (!stream.is('operator', ']')) {
    if (items.length > 0) stream.expect('operator', ',')
    if (stream.is('operator', ']')) break
    items.push(parseExpression(stream))
  }
  stream.expect('operator', ']')
  return { kind: 'list', place, items }
}

function parseDict(stream: TokenStream): Expression {
  const place = stream.place()
  stream.expect('operator', '{')
  const pairs: (readonly [Expression, Expression])[] = []
  while (!stream.is('operator', '}')) {
    if (pairs.length > 0) stream.expect('operator', ',')
    if (stream.is('operator', '}')) break
    const key = parseExpression(stream)
    stream.expect('operator', ':')
    pairs.push([key, parseExpression(stream)])
  }
  stream.expect('operator', '}')
  return { kind: 'dict', place, pairs }
}

function parsePostfix(stream: TokenStream, start: Expression): Expression {
  let node = start
  for (;;) {
    if (stream.is('operator', '.') || stream.is('operator', '['))
      node = parseSubscript(stream, node)
    else if (stream.is('operator', '(')) node = parseCall(stream, node)
    else return node
  }
}

function parseFilters(stream: TokenStream, start: Expression): Expression {
  let node = start
  for (;;) {
    if (stream.is('operator', '|')) {
      stream.take()
      node = parseFilter(stream, node)
    } else if (stream.is('name', 'is')) node = parseTest(stream, node)
    else if (stream.is('operator', '(')) node = parseCall(stream, node)
    else return node
  }
}

function parseSubscript(stream: TokenStream, of: Expression): Expression {
  const place = stream.place()
  if (stream.skip('operator', '.')) {
    const token = stream.take()
    if (token.kind === 'name') return { kind: 'attribute', place, of, name: token.text }
    if (token.kind !== 'integer') throw stream.fail('expected name or number')
    const key: Expression = { kind: 'constant', place, value: parseInteger(token.text, 0) ?? 0 }
    return { kind: 'item', place, of, key }
  }
  stream.expect('operator', '[')
  const keys: Expression[] = []
  while (!stream.is('operator', ']')) {
    if (keys.length > 0) stream.expect('operator', ',')
    keys.push(parseSubscribed(stream))
  }
  stream.expect('operator', ']')
  const [first] = keys
  const key: Expression = keys.length === 1 && first ? first : { kind: 'tuple', place, items: keys }
  return { kind: 'item', place, of, key }
}

function parseSubscribed(stream: TokenStream): Expression {
  const place = stream.place()
  const parts: (Expression | undefined)[] = []
  if (stream.skip('operator', ':')) parts.push(undefined)
  else {
    const only = parseExpression(stream)
    if (!stream.skip('operator', ':')) return only
    parts.push(only)
  }
  const isEnd = (): boolean => stream.is('operator', ']') || stream.is('operator', ',')
  parts.push(isEnd() || stream.is('operator', ':') ? undefined : parseExpression(stream))
  parts.push(stream.skip('operator', ':') && !isEnd() ? parseExpression(stream) : undefined)
  return { kind: 'slice', place, parts }
}

function parseCall(stream: TokenStream, callee: Expression): Expression {
  const place = stream.place()
  return { kind: 'call', place, callee, args: parseCallArguments(stream) }
}

/** Reads the arguments of a call, brackets included. */
export function parseCallArguments(stream: TokenStream): CallArguments {
  stream.expect('operator', '(')
  const positional: Expression[] = []
  const named: (readonly [string, Expression])[] = []
  let spread: Expression | undefined
  let spreadNamed: Expression | undefined
  const ensure = (isRight: boolean): void => {
    if (!isRight) throw stream.fail('invalid syntax for function call expression')
  }
  for (let count = 0; !stream.is('operator', ')'); count += 1) {
    if (count > 0) stream.expect('operator', ',')
    if (stream.is('operator', ')')) break
    if (stream.skip('operator', '*')) {
      ensure(!spread && !spreadNamed)
      spread = parseExpression(stream)
    } else if (stream.skip('operator', '**')) {
      ensure(!spreadNamed)
      spreadNamed = parseExpression(stream)
    } else if (stream.is('name') && stream.is('operator', '=', 1)) {
      ensure(!spreadNamed)
      const name = stream.take().text
      stream.take()
      named.push([name, parseExpression(stream)])
    } else {
      ensure(!spread && !spreadNamed && named.length === 0)
      positional.push(parseExpression(stream))
    }
  }
  stream.expect('operator', ')')
  return { positional, named, ...(spread && { spread }), ...(spreadNamed && { spreadNamed }) }
}

/** Reads the name and arguments of a filter on `of`. */
export function parseFilter(stream: TokenStream, of: Expression): Expression {
  const place = stream.place()
  const name = dottedName(stream)
  const args = stream.is('operator', '(') ? parseCallArguments(stream) : noCallArguments
  return { kind: 'filter', place, of, name, args }
}

function dottedName(stream: TokenStream): string {
  let name = stream.expect('name').text
  while (stream.skip('operator', '.')) name += `.${stream.expect('name').text}`
  return name
}

function parseTest(stream: TokenStream, of: Expression): Expression {
  const place = stream.place()
  stream.take()
  const isNegated = stream.skip('name', 'not')
  const name = dottedName(stream)
  const test: Expression = { kind: 'test', place, of, name, args: parseTestArguments(stream) }
  return isNegated ? { kind: 'not', place, of: test } : test
}

function parseTestArguments(stream: TokenStream): CallArguments {
  if (stream.is('operator', '(')) return parseCallArguments(stream)
  if (!startsArgument(stream)) return noCallArguments
  if (stream.is('name', 'is')) throw stream.fail('You cannot chain multiple tests with is')
  return { positional: [parsePostfix(stream, parsePrimary(stream))], named: [] }
}

function startsArgument(stream: TokenStream): boolean {
  const { kind, text } = stream.look()
  if (kind === 'name') return text !== 'else' && text !== 'or' && text !== 'and'
  if (kind === 'operator') return text === '[' || text === '{'
  return kind === 'string' || kind === 'integer' || kind === 'float'
}
