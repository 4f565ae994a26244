import type { Expression, MacroParts, Parameter, Place, Statement, Target } from './nodes.ts'
import {
  parseCallArguments,
  parseExpression,
  parseFilter,
  parsePrimary,
  parseTuple,
} from './parse-expression.ts'
import type { TemplateParser } from './parse-template.ts'
import { parseTarget, parseTargets } from './parse-target.ts'
import type { TokenStream } from './token-stream.ts'
import { describeToken } from './tokens.ts'

type Parse = (parser: TemplateParser, place: Place) => readonly Statement[]

/** Reads the statement whose tag is next; nothing when the tag is not known. */
export function parseStatement(parser: TemplateParser): readonly Statement[] | undefined {
  const place = parser.stream.place()
  const parse = statements.get(parser.stream.look().text)
  if (!parse) return undefined
  parser.stream.take()
  return parse(parser, place)
}

const statements: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['if', (parser, place) => [parseIf(parser, place)]],
  ['for', (parser, place) => [parseFor(parser, place)]],
  ['set', (parser, place) => [parseSet(parser, place)]],
  ['with', (parser, place) => [parseWith(parser, place)]],
  ['macro', (parser, place) => [parseMacro(parser, place)]],
  ['call', (parser, place) => [parseCallBlock(parser, place)]],
  ['filter', (parser, place) => [parseFilterBlock(parser, place)]],
  ['block', (parser, place) => [parseBlock(parser, place)]],
  ['extends', ({ stream }, place) => [{ kind: 'extends', place, parent: parseExpression(stream) }]],
  ['include', ({ stream }, place) => [parseInclude(stream, place)]],
  ['import', ({ stream }, place) => [parseImport(stream, place)]],
  ['from', ({ stream }, place) => [parseFromImport(stream, place)]],
  ['print', ({ stream }, place) => parsePrint(stream, place)],
  ['do', ({ stream }, place) => [{ kind: 'do', place, value: parseTuple(stream) }]],
  ['break', (_parser, place) => [{ kind: 'loop control', place, action: 'break' }]],
  ['continue', (_parser, place) => [{ kind: 'loop control', place, action: 'continue' }]],
  ['autoescape', parseAutoescape],
])

function parseIf(parser: TemplateParser, place: Place): Statement {
  const { stream } = parser
  const branches: (readonly [Expression, readonly Statement[]])[] = []
  let otherwise: readonly Statement[] = []
  for (;;) {
    const test = parseTuple(stream, { hasChoice: false })
    branches.push([test, parser.body(['elif', 'else', 'endif'])])
    const { text } = stream.take()
    if (text === 'elif') continue
    if (text === 'else') otherwise = parser.bodyThrough('endif')
    return { kind: 'if', place, branches, otherwise }
  }
}

function parseFor(parser: TemplateParser, place: Place): Statement {
  const { stream } = parser
  const target = parseTargets(stream)
  stream.expect('name', 'in')
  const items = parseTuple(stream, { hasChoice: false })
  const test = stream.skip('name', 'if') ? parseExpression(stream) : undefined
  const isRecursive = stream.skip('name', 'recursive')
  const body = parser.body(['endfor', 'else'])
  const otherwise = stream.take().text === 'else' ? parser.bodyThrough('endfor') : []
  return { kind: 'for', place, target, items, test, isRecursive, body, otherwise }
}

function parseSet(parser: TemplateParser, place: Place): Statement {
  const { stream } = parser
  const target = parseTargets(stream, { hasNamespace: true })
  if (stream.skip('operator', '=')) return { kind: 'set', place, target, value: parseTuple(stream) }
  const filter = stream.skip('operator', '|') ? parseFilterChain(stream, place) : undefined
  return { kind: 'set block', place, target, filter, body: parser.bodyThrough('endset') }
}

function parseFilterChain(stream: TokenStream, place: Place): Expression {
  let filter = parseFilter(stream, { kind: 'filtered block', place })
  while (stream.skip('operator', '|')) filter = parseFilter(stream, filter)
  return filter
}

function parseWith(parser: TemplateParser, place: Place): Statement {
  const { stream } = parser
  const values: (readonly [Target, Expression])[] = []
  while (!stream.is('block_end')) {
    if (values.length > 0) stream.expect('operator', ',')
    const target = parseTarget(stream)
    stream.expect('operator', '=')
    values.push([target, parseExpression(stream)])
  }
  return { kind: 'with', place, values, body: parser.bodyThrough('endwith') }
}

function parseParameters(stream: TokenStream): readonly Parameter[] {
  const parameters: Parameter[] = []
  stream.expect('operator', '(')
  while (!stream.is('operator', ')')) {
    if (parameters.length > 0) stream.expect('operator', ',')
    const name = stream.expect('name').text
    if (stream.skip('operator', '=')) parameters.push({ name, otherwise: parseExpression(stream) })
    else if (parameters.some(({ otherwise }) => otherwise)) {
      throw stream.fail('non-default argument follows default argument')
    } else parameters.push({ name, otherwise: undefined })
  }
  stream.expect('operator', ')')
  return parameters
}

function parseMacro(parser: TemplateParser, place: Place): Statement {
  const name = parser.stream.expect('name').text
  const parameters = parseParameters(parser.stream)
  const macro: MacroParts = { name, parameters, body: parser.bodyThrough('endmacro') }
  return { kind: 'macro', place, macro }
}

function parseCallBlock(parser: TemplateParser, place: Place): Statement {
  const { stream } = parser
  const parameters = stream.is('operator', '(') ? parseParameters(stream) : []
  const call = parseExpression(stream)
  if (call.kind !== 'call') throw stream.fail('expected call')
  const caller: MacroParts = { name: 'caller', parameters, body: parser.bodyThrough('endcall') }
  return { kind: 'call block', place, call, caller }
}

function parseFilterBlock(parser: TemplateParser, place: Place): Statement {
  const filter = parseFilterChain(parser.stream, place)
  return { kind: 'filter block', place, filter, body: parser.bodyThrough('endfilter') }
}

function parseBlock(parser: TemplateParser, place: Place): Statement {
  const { stream } = parser
  const name = stream.expect('name').text
  parser.noteBlock(name)
  const isScoped = stream.skip('name', 'scoped')
  const isRequired = stream.skip('name', 'required')
  const body = parser.bodyThrough('endblock')
  if (stream.is('name', name)) stream.take()
  return { kind: 'block', place, name, isScoped, isRequired, body }
}

function parseInclude(stream: TokenStream, place: Place): Statement {
  const name = parseExpression(stream)
  const isOptional = stream.is('name', 'ignore') && stream.is('name', 'missing', 1)
  if (isOptional) {
    stream.take()
    stream.take()
  }
  return { kind: 'include', place, name, isOptional, hasContext: parseContext(stream) ?? true }
}

function parseContext(stream: TokenStream): boolean | undefined {
  const isWith = stream.is('name', 'with')
  if (!(isWith || stream.is('name', 'without')) || !stream.is('name', 'context', 1))
    return undefined
  stream.take()
  stream.take()
  return isWith
}

function parseImport(stream: TokenStream, place: Place): Statement {
  const name = parseExpression(stream)
  stream.expect('name', 'as')
  const as = stream.expect('name').text
  return { kind: 'import', place, name, as, hasContext: parseContext(stream) ?? false }
}

function parseFromImport(stream: TokenStream, place: Place): Statement {
  const name = parseExpression(stream)
  stream.expect('name', 'import')
  const names: (readonly [string, string])[] = []
  let hasContext = parseContext(stream)
  while (hasContext === undefined && stream.is('name')) {
    const from = stream.take().text
    names.push([from, stream.skip('name', 'as') ? stream.expect('name').text : from])
    hasContext = parseContext(stream)
    if (hasContext === undefined && !stream.skip('operator', ',')) break
    hasContext ??= parseContext(stream)
  }
  if (names.length === 0)
    throw stream.fail(`expected token 'name', got '${describeToken(stream.look())}'`)
  return { kind: 'from import', place, name, names, hasContext: hasContext ?? false }
}

function parsePrint(stream: TokenStream, place: Place): readonly Statement[] {
  const printed: Statement[] = []
  while (!stream.is('block_end')) {
    if (printed.length > 0) stream.expect('operator', ',')
    printed.push({ kind: 'output', place, value: parseExpression(stream) })
  }
  return printed
}

/** Nothing is escaped in Ansible; the block is read for its body. */
function parseAutoescape(parser: TemplateParser): readonly Statement[] {
  parsePrimary(parser.stream)
  if (parser.stream.is('operator', '(')) parseCallArguments(parser.stream)
  return parser.bodyThrough('endautoescape')
}
