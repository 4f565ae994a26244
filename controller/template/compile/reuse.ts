import { type Datum, HostFunction, HostObject, isSequence } from '../python/datum.ts'
import { PythonError } from '../python/python-error.ts'
import { stringRepr, toText } from '../python/text.ts'
import { Undefined } from '../scope.ts'
import type { Expression, Place, Statement } from '../syntax/nodes.ts'
import { compileExpression } from './expressions.ts'
import { type Compilation, type Evaluate, Frame, type Program, Render, type Step } from './frame.ts'
import { globals } from './globals.ts'
import { Output } from './output.ts'

type Reuse = Extract<
  Statement,
  { readonly kind: 'block' | 'extends' | 'include' | 'import' | 'from import' }
>
type Node<K extends Reuse['kind']> = Extract<Statement, { readonly kind: K }>

/** Makes a step of a statement that uses another template, or offers a part to one. */
export function compileReuse(statement: Reuse, compilation: Compilation): Step {
  switch (statement.kind) {
    case 'block':
      return compileBlock(statement, compilation)
    case 'extends': {
      const parent = compileExpression(statement.parent)
      return (frame) => {
        frame.assign(PARENT, parent(frame))
        return undefined
      }
    }
    case 'include':
      return compileInclude(statement)
    case 'import':
      return compileImport(statement)
    case 'from import':
      return compileFromImport(statement)
  }
}

/** The name under which a frame keeps the template it extends; no template can write it. */
const PARENT = ' parent'

function compileBlock(
  { name, isScoped, isRequired, body }: Node<'block'>,
  compilation: Compilation,
): Step {
  const run = compilation.body(body)
  compilation.blocks.set(name, run)
  return (frame, output) => {
    if (frame.local(PARENT) !== undefined) return undefined
    const steps = frame.blocks.get(name) ?? [run]
    if (isRequired && steps.length <= 1) {
      throw new PythonError('TemplateSyntaxError', `Required block ${stringRepr(name)} not found`)
    }
    runBlock(name, 0, isScoped ? frame : frame.top(), output)
    return undefined
  }
}

function runBlock(name: string, place: number, frame: Frame, output: Output): void {
  const step = frame.blocks.get(name)?.[place]
  if (!step)
    throw new PythonError('UndefinedError', `there is no parent block called ${stringRepr(name)}.`)
  const inner = new Frame(frame.render, frame)
  inner.assign('super', new Super(name, place, frame))
  frame.render.deeper(() => step(inner, output))
}

/** Jinja's `super`: the block of the same name in the template that this one extends. */
class Super extends HostObject {
  readonly typeName = 'BlockReference'
  readonly #name: string
  readonly #place: number
  readonly #frame: Frame

  constructor(name: string, place: number, frame: Frame) {
    super()
    this.#name = name
    this.#place = place
    this.#frame = frame
  }

  override attribute(name: string): Datum | undefined {
    return name === 'super' ? new Super(this.#name, this.#place + 1, this.#frame) : undefined
  }

  override call(): Datum {
    const output = new Output(this.#frame.render)
    runBlock(this.#name, this.#place + 1, this.#frame, output)
    return this.#frame.render.parts.conclude(output)
  }
}

/**
 * Runs a whole template in `frame`: its own text, or that of the template it extends with its blocks put in.
 */
export function runProgram(program: Program, frame: Frame, output: Output): void {
  for (const [name, step] of program.blocks) {
    const steps = frame.blocks.get(name)
    if (steps) steps.push(step)
    else frame.blocks.set(name, [step])
  }
  frame.assign('self', new Self(frame))
  const aside = new ExtendingOutput(frame, output)
  program.run(frame, aside)
  const parent = frame.own().get(PARENT)
  if (parent === undefined) return
  frame.assign(PARENT, false)
  const top = new Frame(frame.render, undefined, frame.blocks)
  for (const [name, value] of frame.own()) if (name !== PARENT) top.assign(name, value)
  const loaded = frame.render.parts.load(toText(parent))
  frame.render.deeper(() => runProgram(loaded, carriedOver(frame, top), output))
}

/** The parent sees what surrounds the child, as far as there is anything. */
function carriedOver(child: Frame, top: Frame): Frame {
  if (!child.parent) return top
  const frame = new Frame(child.render, child.parent, child.blocks)
  for (const [name, value] of top.own()) frame.assign(name, value)
  return frame
}

/** Text of a template after its `extends` is not written. */
class ExtendingOutput extends Output {
  readonly #frame: Frame
  readonly #output: Output

  constructor(frame: Frame, output: Output) {
    super(frame.render)
    this.#frame = frame
    this.#output = output
  }

  override text(text: string): void {
    if (!this.#isExtending) this.#output.text(text)
  }

  override value(datum: Datum, isText = false): void {
    if (!this.#isExtending) this.#output.value(datum, isText)
  }

  get #isExtending(): boolean {
    return this.#frame.own().get(PARENT) !== undefined
  }
}

/** Jinja's `self`: calls a block by name. */
class Self extends HostObject {
  readonly typeName = 'TemplateReference'
  readonly #frame: Frame

  constructor(frame: Frame) {
    super()
    this.#frame = frame
  }

  override attribute(name: string): Datum | undefined {
    if (!this.#frame.blocks.has(name)) return undefined
    return new HostFunction(name, () => {
      const output = new Output(this.#frame.render)
      runBlock(name, 0, this.#frame, output)
      return this.#frame.render.parts.conclude(output)
    })
  }
}

function compileInclude({ name, isOptional, hasContext }: Node<'include'>): Step {
  const names = compileNames(name)
  return (frame, output) => {
    const wanted = names(frame)
    const { load, hasTemplate } = frame.render.parts
    const found = wanted.find((one) => hasTemplate(one))
    if (found === undefined && isOptional) return undefined
    const program = load(found ?? wanted[0] ?? '')
    frame.render.deeper(() => runProgram(program, innerFrame(frame, hasContext), output))
    return undefined
  }
}

function compileNames(node: Expression): (frame: Frame) => readonly string[] {
  const value: Evaluate = compileExpression(node)
  return (frame) => {
    const datum = value(frame)
    return isSequence(datum) ? datum.map((one) => toText(one)) : [toText(datum)]
  }
}

/** A frame for another template: it sees all of this one, or nothing but Jinja's own names. */
function innerFrame(frame: Frame, hasContext: boolean): Frame {
  if (hasContext) return new Frame(frame.render, frame, new Map())
  const { parts } = frame.render
  const render = new Render({
    ...parts,
    resolve: (name) => globals(parts.context).get(name) ?? new Undefined(`'${name}' is undefined`),
  })
  return new Frame(render, undefined, new Map())
}

function loadModule(name: Datum, frame: Frame, hasContext: boolean): Module {
  const program = frame.render.parts.load(toText(name))
  const inner = innerFrame(frame, hasContext)
  const output = new Output(inner.render)
  frame.render.deeper(() => runProgram(program, inner, output))
  return new Module(toText(name), inner, output.join())
}

/** What `import` gives: the names that a template sets and defines. */
class Module extends HostObject {
  readonly typeName = 'TemplateModule'
  readonly #name: string
  readonly #frame: Frame
  readonly #text: string

  constructor(name: string, frame: Frame, text: string) {
    super()
    this.#name = name
    this.#frame = frame
    this.#text = text
  }

  override attribute(name: string): Datum | undefined {
    if (name.startsWith('_') || name === 'self') return undefined
    return this.#frame.own().get(name)
  }

  /** The name, or why it cannot be imported. */
  pick(name: string, { line }: Place): Datum {
    const found = this.attribute(name)
    if (found !== undefined) return found
    const where = `${stringRepr(this.#name)} (imported on line ${line})`
    return new Undefined(
      `the template ${where} does not export the requested name ${stringRepr(name)}`,
    )
  }

  override text(): string {
    return this.#text
  }
}

function compileImport({ name, as, hasContext }: Node<'import'>): Step {
  const value = compileExpression(name)
  return (frame) => {
    frame.assign(as, loadModule(value(frame), frame, hasContext))
    return undefined
  }
}

function compileFromImport({ name, names, hasContext, place }: Node<'from import'>): Step {
  const value = compileExpression(name)
  return (frame) => {
    const loaded = loadModule(value(frame), frame, hasContext)
    for (const [from, as] of names) frame.assign(as, loaded.pick(from, place))
    return undefined
  }
}
