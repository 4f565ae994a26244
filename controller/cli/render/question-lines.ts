import type { RunEventBody } from '../../../proto/run.ts'
import type { RenderOptions } from './renderer.ts'
import type { Screen } from './screen.ts'

type Question = Extract<RunEventBody, { readonly kind: 'question' }>
type Answer = Extract<RunEventBody, { readonly kind: 'answer' }>

/** Shows what the user is asked, and what was answered. */
export class QuestionLines {
  readonly #screen: Screen
  readonly #options: Pick<RenderOptions, 'isTyped'>
  #open: Question | undefined

  constructor(screen: Screen, options: Pick<RenderOptions, 'isTyped'>) {
    this.#screen = screen
    this.#options = options
  }

  show(body: Question | Answer): void {
    if (body.kind === 'answer') return this.#answer(body)
    this.#open = body
    this.#screen.raw(body.text)
  }

  #answer({ questionId, text }: Answer): void {
    if (text === undefined) return
    if (!this.#options.isTyped(questionId)) this.#screen.raw(`${text}\n`)
    if (this.#open?.about === 'step') this.#screen.heading(this.#open.text)
  }
}
