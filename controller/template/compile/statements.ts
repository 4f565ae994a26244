import { STRING_FILTERS } from '../filters/string-filters.ts'
import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import { callDatum } from '../python/host-objects.ts'
import { typeError } from '../python/python-error.ts'
import type { Expression, Statement } from '../syntax/nodes.ts'
import { FILTERED_BLOCK, compileArguments, compileExpression, locate } from './expressions.ts'
import {
  type Compilation,
  type Evaluate,
  type Flow,
  Frame,
  type Program,
  type Step,
} from './frame.ts'
import { compileLoop } from './loop.ts'
import { compileMacro } from './macro.ts'
import { Output } from './output.ts'
import { compileReuse } from './reuse.ts'
import { compileTarget } from './target.ts'

type Node<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

/** Makes a program of a template's statements. */
export function compileTemplate(body: readonly Statement[]): Program {
  const blocks = new Map<string, Step>()
  const compilation: Compilation = {
    blocks,
    body: (statements) => compileBody(statements, compilation),
  }
  return { run: compilation.body(body), blocks }
}

/** Makes one step of several. */
function compileBody(body: readonly Statement[], compilation: Compilation): Step {
  const steps = body.map((statement) => placed(statement, compileStatement(statement, compilation)))
  const [only] = steps
  if (only && steps.length === 1) return only
  return (frame, output) => {
    for (const step of steps) {
      const flow = step(frame, output)
      if (flow) return flow
    }
    return undefined
  }
}

function placed({ kind, place }: Statement, step: Step): Step {
  if (kind === 'text' || kind === 'if') return step
  return (frame, output) => {
    try {
      return step(frame, output)
    } catch (error) {
      throw locate(error, place)
    }
  }
}

function compileStatement(statement: Statement, compilation: Compilation): Step {
  switch (statement.kind) {
    case 'text':
      return always((_frame, output) => output.text(statement.text))
    case 'output':
      return compileOutput(statement.value)
    case 'do': {
      const value = compileExpression(statement.value)
      return always((frame) => value(frame))
    }
    case 'if':
      return compileIf(statement, compilation)
    case 'for':
      return compileLoop(statement, compilation)
    case 'set': {
      const value = compileExpression(statement.value)
      const assign = compileTarget(statement.target)
      return always((frame) => assign(frame, value(frame)))
    }
    case 'set block':
      return compileSetBlock(statement, compilation)
    case 'with':
      return compileWith(statement, compilation)
    case 'macro': {
      const macro = compileMacro(statement.macro, compilation)
      return always((frame) => frame.assign(statement.macro.name, macro(frame)))
    }
    case 'call block':
      return compileCallBlock(statement, compilation)
    case 'filter block': {
      const body = compilation.body(statement.body)
      const filter = compileExpression(statement.filter)
      return always((frame, output) => output.value(filtered(filter, frame, captured(body, frame))))
    }
    case 'loop control':
      return () => statement.action
    case 'block':
    case 'extends':
    case 'include':
    case 'import':
    case 'from import':
      return compileReuse(statement, compilation)
  }
}

function always(step: (frame: Frame, output: Output) => unknown): Step {
  return (frame, output) => {
    step(frame, output)
    return undefined
  }
}

/** Filters that may give back their value, or an argument, just as it is. */
const PASSING_FILTERS = new Set(['default', 'd', 'ternary', 'mandatory'])

function compileOutput(node: Expression): Step {
  const value = compileExpression(node)
  return always((frame, output) => {
    const datum = value(frame)
    output.value(datum, typeof datum === 'string' && staysText(node, datum, frame))
  })
}

/** Whether a text comes straight from a filter whose text stays text. */
function staysText(node: Expression, text: string, frame: Frame): boolean {
  if (node.kind === 'name') {
    return frame.local(node.name) === undefined
      ? frame.render.isText(node.name)
      : frame.render.texts.has(text)
  }
  if (node.kind === 'filter' && !PASSING_FILTERS.has(node.name)) {
    return STRING_FILTERS.has(node.name) && frame.render.texts.has(text)
  }
  if (node.kind === 'filter' && node.of.kind === 'name' && staysText(node.of, text, frame))
    return true
  if (node.kind !== 'choice' && node.kind !== 'filter') return false
  return frame.render.texts.has(text)
}

function compileIf({ branches, otherwise }: Node<'if'>, compilation: Compilation): Step {
  const compiled = branches.map(
    ([test, body]) => [compileExpression(test), compilation.body(body)] as const,
  )
  const last = compilation.body(otherwise)
  return (frame, output): Flow => {
    for (const [test, body] of compiled) if (isTrue(test(frame))) return body(frame, output)
    return last(frame, output)
  }
}

/** Runs `body` aside and gives what it wrote. */
function captured(body: Step, frame: Frame): Datum {
  const output = new Output(frame.render)
  body(new Frame(frame.render, frame), output)
  return frame.render.parts.conclude(output)
}

function filtered(filter: Evaluate, frame: Frame, text: Datum): Datum {
  const inner = new Frame(frame.render, frame)
  inner.assign(FILTERED_BLOCK, text)
  return filter(inner)
}

function compileSetBlock(
  { target, filter, body }: Node<'set block'>,
  compilation: Compilation,
): Step {
  const run = compilation.body(body)
  const assign = compileTarget(target)
  const change = filter && compileExpression(filter)
  return always((frame) => {
    const text = captured(run, frame)
    assign(frame, change ? filtered(change, frame, text) : text)
  })
}

function compileWith({ values, body }: Node<'with'>, compilation: Compilation): Step {
  const pairs = values.map(
    ([target, value]) => [compileTarget(target), compileExpression(value)] as const,
  )
  const run = compilation.body(body)
  return (frame, output) => {
    const inner = new Frame(frame.render, frame)
    for (const [assign, value] of pairs) assign(inner, value(frame))
    return run(inner, output)
  }
}

function compileCallBlock({ call, caller }: Node<'call block'>, compilation: Compilation): Step {
  if (call.kind !== 'call') throw typeError('expected call')
  const callee = compileExpression(call.callee)
  const args = compileArguments(call.args)
  const macro = compileMacro(caller, compilation)
  return always((frame, output) => {
    const values = args(frame)
    const named = new Map(values.named).set('caller', macro(frame))
    output.value(callDatum(callee(frame), { positional: values.positional, named }))
  })
}
