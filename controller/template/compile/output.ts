import { type Datum, isDict, isSequence } from '../python/datum.ts'
import { DictView, Range } from '../python/host-objects.ts'
import { toText, undefinedError } from '../python/text.ts'
import { Undefined } from '../scope.ts'
import type { Render } from './frame.ts'

/** Collects what a template writes. */
export class Output {
  readonly #render: Render
  readonly #pieces: Datum[] = []
  #isFirstText = false

  constructor(render: Render) {
    this.#render = render
  }

  /** Writes a piece of the template's own text. */
  text(text: string): void {
    this.#render.written(text.length)
    this.#pieces.push(text)
  }

  /** Writes a value; `isText` when it is to stay text whatever it looks like. */
  value(datum: Datum, isText = false): void {
    const value = datum instanceof DictView || datum instanceof Range ? datum.items() : datum
    ensureDefined(value)
    if (this.#pieces.length === 0) this.#isFirstText = isText
    if (typeof value === 'string') this.#render.written(value.length)
    const isFixed = this.#pieces.length > 0 || this.#render.parts.isText
    this.#pieces.push(isFixed && value !== null ? toText(value) : value)
  }

  /** The one value that was written, when there was just one. */
  single(): { readonly value: Datum; readonly isText: boolean } | undefined {
    const [value] = this.#pieces
    if (value === undefined || this.#pieces.length !== 1) return undefined
    return { value, isText: this.#isFirstText }
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0
  }

  /** All that was written, as text. */
  join(none = ''): string {
    const texts = this.#pieces.map((piece) => (piece === null ? none : toText(piece)))
    this.#render.written(texts.reduce((total, text) => total + text.length, 0))
    return texts.join('')
  }
}

/** Fails here, where the place is known, when a value or anything in it is undefined. */
function ensureDefined(value: Datum): void {
  if (typeof value !== 'object' || value === null) return
  if (value instanceof Undefined) throw undefinedError(value)
  if (isSequence(value)) for (const item of value) ensureDefined(item)
  else if (isDict(value)) for (const item of value.values()) ensureDefined(item)
}
