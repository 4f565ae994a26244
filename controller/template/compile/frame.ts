import type { CallContext } from '../call-context.ts'
import { MAX_CALLS, checkText } from '../limits.ts'
import type { Datum } from '../python/datum.ts'
import { limitError } from '../python/python-error.ts'
import type { Statement } from '../syntax/nodes.ts'
import type { Output } from './output.ts'

const MAX_STEPS = 20_000_000

/** A template that can be run. */
export interface Program {
  readonly run: Step
  /** Its blocks by name, for templates that extend others. */
  readonly blocks: ReadonlyMap<string, Step>
}

/** How a statement ended: on to the next, or out of the loop it stands in. */
export type Flow = 'break' | 'continue' | undefined

/** A compiled statement. */
export type Step = (frame: Frame, output: Output) => Flow

/** A compiled expression. */
export type Evaluate = (frame: Frame) => Datum

/** What compiling a template collects, and how its parts are compiled. */
export interface Compilation {
  readonly blocks: Map<string, Step>
  body(statements: readonly Statement[]): Step
}

/** What one rendering shares over all its frames. */
export interface RenderParts {
  readonly context: CallContext
  /** The value of a name that no frame has. */
  readonly resolve: (name: string) => Datum
  /** Finds another template; fails when there is none. */
  readonly load: (name: string) => Program
  readonly hasTemplate: (name: string) => boolean
  /** Makes one value of what a block of text came to. */
  readonly conclude: (output: Output) => Datum
  /** Whether all that is written is text in the end, so that each value is made text at once. */
  readonly isText: boolean
}

/** One rendering: its parts and its budget. */
export class Render {
  readonly parts: RenderParts
  /** Texts that filters such as `to_json` made: they stay text even where they look like a list. */
  readonly texts = new Set<string>()
  readonly #isText: ((name: string) => boolean) | undefined
  #depth = 0
  #steps = 0
  #written = 0

  constructor(parts: RenderParts) {
    this.parts = parts
    this.#isText = parts.context.scope.isText?.bind(parts.context.scope)
  }

  /** Whether the scope says that a name's text is to stay text. */
  isText(name: string): boolean {
    return this.#isText?.(name) ?? false
  }

  /** Runs `work` one call deeper. */
  deeper<T>(work: () => T): T {
    if (this.#depth >= MAX_CALLS) {
      throw limitError(`calls are nested more than ${MAX_CALLS} deep`)
    }
    this.#depth += 1
    try {
      return work()
    } finally {
      this.#depth -= 1
    }
  }

  /** Counts one round of a loop. */
  step(): void {
    this.#steps += 1
    if (this.#steps > MAX_STEPS) throw limitError(`loops ran more than ${MAX_STEPS} rounds`)
  }

  /** Counts `length` characters of output. */
  written(length: number): void {
    this.#written += length
    checkText(this.#written)
  }
}

/** Names and their values in one part of a template; what is not here is looked up in the part around it. */
export class Frame {
  readonly render: Render
  readonly parent: Frame | undefined
  readonly #values = new Map<string, Datum>()
  /** The blocks of the template and of those it extends, the innermost first. */
  readonly blocks: Map<string, Step[]>

  constructor(render: Render, parent?: Frame, blocks?: Map<string, Step[]>) {
    this.render = render
    this.parent = parent
    this.blocks = blocks ?? parent?.blocks ?? new Map<string, Step[]>()
  }

  /** The value of `name`, from here outward. */
  lookup(name: string): Datum {
    const value = this.local(name)
    return value === undefined ? this.render.parts.resolve(name) : value
  }

  /** The value of `name` where the template itself has set it. */
  local(name: string): Datum | undefined {
    const value = this.#values.get(name)
    return value === undefined ? this.parent?.local(name) : value
  }

  assign(name: string, value: Datum): void {
    this.#values.set(name, value)
  }

  /** The outermost frame. */
  top(): Frame {
    return this.parent?.top() ?? this
  }

  /** What was set in this very frame. */
  own(): ReadonlyMap<string, Datum> {
    return this.#values
  }
}
