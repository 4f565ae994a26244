import { isTrue } from '../python/compare.ts'
import {
  type Arguments,
  type Datum,
  HostFunction,
  HostObject,
  isSequence,
} from '../python/datum.ts'
import { isEqual } from '../python/compare.ts'
import { iterate } from '../python/iterate.ts'
import { typeError } from '../python/python-error.ts'
import { Undefined } from '../scope.ts'
import { namesOf } from '../syntax/names-of.ts'
import type { Statement } from '../syntax/nodes.ts'
import { compileExpression } from './expressions.ts'
import { type Compilation, Frame, type Step } from './frame.ts'
import { Output } from './output.ts'
import { compileTarget } from './target.ts'

/** Makes a step of a `for` loop. */
export function compileLoop(
  node: Extract<Statement, { readonly kind: 'for' }>,
  compilation: Compilation,
): Step {
  const items = compileExpression(node.items)
  const assign = compileTarget(node.target)
  const test = node.test && compileExpression(node.test)
  const body = compilation.body(node.body)
  const otherwise = compilation.body(node.otherwise)
  // Jinja makes `loop` for bodies that speak of it: a template that is included there sees it only then
  const isNamed = node.isRecursive || namesOf(node.body).includes('loop')
  const wanted = (frame: Frame, all: readonly Datum[]): readonly Datum[] => {
    if (!test) return all
    return all.filter((item) => {
      const inner = new Frame(frame.render, frame)
      assign(inner, item)
      return isTrue(test(inner))
    })
  }
  const run = (frame: Frame, output: Output, values: Datum, depth: number): void => {
    const chosen = wanted(frame, iterate(values))
    if (chosen.length === 0) {
      otherwise(new Frame(frame.render, frame), output)
      return
    }
    const again = node.isRecursive ? recursion(frame, depth) : undefined
    const loop = new Loop(chosen, depth, again)
    for (const item of chosen) {
      frame.render.step()
      loop.advance()
      const inner = new Frame(frame.render, frame)
      if (isNamed) inner.assign('loop', loop)
      assign(inner, item)
      if (body(inner, output) === 'break') break
    }
  }
  const recursion = (frame: Frame, depth: number) => (values: Datum) =>
    frame.render.deeper(() => {
      const output = new Output(frame.render)
      run(frame, output, values, depth + 1)
      return frame.render.parts.conclude(output)
    })
  return (frame, output) => {
    run(frame, output, items(frame), 0)
    return undefined
  }
}

/** Jinja's `loop`. */
class Loop extends HostObject {
  readonly typeName = 'LoopContext'
  readonly #items: readonly Datum[]
  readonly #depth: number
  readonly #again: ((values: Datum) => Datum) | undefined
  #place = -1
  #last: readonly Datum[] | undefined

  constructor(
    items: readonly Datum[],
    depth: number,
    again: ((values: Datum) => Datum) | undefined,
  ) {
    super()
    this.#items = items
    this.#depth = depth
    this.#again = again
  }

  advance(): void {
    this.#place += 1
  }

  override attribute(name: string): Datum | undefined {
    const length = this.#items.length
    if (name === 'index') return this.#place + 1
    if (name === 'index0') return this.#place
    if (name === 'revindex') return length - this.#place
    if (name === 'revindex0') return length - this.#place - 1
    if (name === 'first') return this.#place === 0
    if (name === 'last') return this.#place === length - 1
    if (name === 'length') return length
    if (name === 'depth') return this.#depth + 1
    if (name === 'depth0') return this.#depth
    if (name === 'previtem') return this.#neighbour(-1, 'there is no previous item')
    if (name === 'nextitem') return this.#neighbour(1, 'there is no next item')
    if (name === 'cycle') return new HostFunction(name, ({ positional }) => this.#cycle(positional))
    if (name === 'changed')
      return new HostFunction(name, ({ positional }) => this.#changed(positional))
    return undefined
  }

  #neighbour(by: number, problem: string): Datum {
    const place = this.#place + by
    const item = place < 0 ? undefined : this.#items[place]
    return item === undefined ? new Undefined(problem) : item
  }

  #cycle(values: readonly Datum[]): Datum {
    const value = values[this.#place % values.length]
    if (value === undefined) throw typeError('no items for cycling given')
    return value
  }

  #changed(values: readonly Datum[]): boolean {
    const last = this.#last
    this.#last = values
    return !last || !isSequence(last) || !isEqual(last, values)
  }

  override call({ positional: [values = null] }: Arguments): Datum {
    if (!this.#again) {
      throw typeError("The loop must have the 'recursive' marker to be called recursively.")
    }
    return this.#again(values)
  }

  override text(): string {
    return `<LoopContext ${this.#place + 1}/${this.#items.length}>`
  }
}
