import { STRING_FILTERS } from '../filters/string-filters.ts'
import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import { Namespace, callDatum } from '../python/host-objects.ts'
import { iterate } from '../python/iterate.ts'
import { PythonError, typeError, valueError } from '../python/python-error.ts'
import type { Expression, Statement, Target } from '../syntax/nodes.ts'
import { FILTERED_BLOCK, compileArguments, compileExpression, locate } from './expressions.ts'
import { type Evaluate, type Flow, Frame, type Program, type Step } from './frame.ts'
import { compileLoop } from './loop.ts'
import { compileMacro } from './macro.ts'
import { Output } from './output.ts'
import { compileReuse } from './reuse.ts'

type Node<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

/** What compiling a template collects. */
export interface Collected {
  readonly blocks: Map<string, Step>
}

/** Makes a program of a template's statements. */
export function compileTemplate(body: readonly Statement[]): Program {
  const collected: Collected = { blocks: new Map() }
  const run = compileBody(body, collected)
  return { run, blocks: collected.blocks }
}

/** Makes one step of several. */
export function compileBody(body: readonly Statement[], collected: Collected): Step {
  const steps = body.map((statement) => placed(statement, compileStatement(statement, collected)))
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

function compileStatement(statement: Statement, collected: Collected): Step {
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
      return compileIf(statement, collected)
    case 'for':
      return compileLoop(statement, collected)
    case 'set': {
      const value = compileExpression(statement.value)
      const assign = compileTarget(statement.target)
      return always((frame) => assign(frame, value(frame)))
    }
    case 'set block':
      return compileSetBlock(statement, collected)
    case 'with':
      return compileWith(statement, collected)
    case 'macro': {
      const macro = compileMacro(statement.macro, collected)
      return always((frame) => frame.assign(statement.macro.name, macro(frame)))
    }
    case 'call block':
      return compileCallBlock(statement, collected)
    case 'filter block': {
      const body = compileBody(statement.body, collected)
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
      return compileReuse(statement, collected)
  }
}

function always(step: (frame: Frame, output: Output) => unknown): Step {
  return (frame, output) => {
    step(frame, output)
    return undefined
  }
}

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
  if (node.kind === 'filter' && node.name !== 'default' && node.name !== 'd') {
    return frame.render.texts.has(text) && STRING_FILTERS.has(node.name)
  }
  if (node.kind === 'filter') return staysText(node.of, text, frame)
  if (node.kind !== 'choice') return false
  return frame.render.texts.has(text)
}

function compileIf({ branches, otherwise }: Node<'if'>, collected: Collected): Step {
  const compiled = branches.map(
    ([test, body]) => [compileExpression(test), compileBody(body, collected)] as const,
  )
  const last = compileBody(otherwise, collected)
  return (frame, output): Flow => {
    for (const [test, body] of compiled) if (isTrue(test(frame))) return body(frame, output)
    return last(frame, output)
  }
}

/** Makes a function that assigns a value to a name, names, or an attribute of a namespace. */
export function compileTarget(target: Target): (frame: Frame, value: Datum) => void {
  if (target.kind === 'name') return (frame, value) => frame.assign(target.name, value)
  if (target.kind === 'namespace') {
    return (frame, value) => {
      const owner = frame.lookup(target.name)
      if (!(owner instanceof Namespace)) {
        throw new PythonError('TypeError', 'cannot assign attribute on non-namespace object')
      }
      owner.assign(target.attribute, value)
    }
  }
  const parts = target.items.map(compileTarget)
  return (frame, value) => {
    const values = unpacked(value, parts.length)
    parts.forEach((assign, index) => assign(frame, values[index] ?? null))
  }
}

function unpacked(value: Datum, count: number): readonly Datum[] {
  const values = iterate(value)
  if (values.length > count) throw valueError(`too many values to unpack (expected ${count})`)
  if (values.length < count) {
    throw valueError(`not enough values to unpack (expected ${count}, got ${values.length})`)
  }
  return values
}

/** Runs `body` aside and gives what it wrote. */
export function captured(body: Step, frame: Frame): Datum {
  const output = new Output(frame.render)
  body(new Frame(frame.render, frame), output)
  return frame.render.parts.conclude(output)
}

function filtered(filter: Evaluate, frame: Frame, text: Datum): Datum {
  const inner = new Frame(frame.render, frame)
  inner.assign(FILTERED_BLOCK, text)
  return filter(inner)
}

function compileSetBlock({ target, filter, body }: Node<'set block'>, collected: Collected): Step {
  const run = compileBody(body, collected)
  const assign = compileTarget(target)
  const change = filter && compileExpression(filter)
  return always((frame) => {
    const text = captured(run, frame)
    assign(frame, change ? filtered(change, frame, text) : text)
  })
}

function compileWith({ values, body }: Node<'with'>, collected: Collected): Step {
  const pairs = values.map(
    ([target, value]) => [compileTarget(target), compileExpression(value)] as const,
  )
  const run = compileBody(body, collected)
  return (frame, output) => {
    const inner = new Frame(frame.render, frame)
    for (const [assign, value] of pairs) assign(inner, value(frame))
    return run(inner, output)
  }
}

function compileCallBlock({ call, caller }: Node<'call block'>, collected: Collected): Step {
  if (call.kind !== 'call') throw typeError('expected call')
  const callee = compileExpression(call.callee)
  const args = compileArguments(call.args)
  const macro = compileMacro(caller, collected)
  return always((frame, output) => {
    const values = args(frame)
    const named = new Map(values.named).set('caller', macro(frame))
    output.value(callDatum(callee(frame), { positional: values.positional, named }))
  })
}
