import type { RunEvent } from '../../../proto/run.ts'
import { showMessage, showRunEnd } from './closing-lines.ts'
import { QuestionLines } from './question-lines.ts'
import type { Printed, Renderer, RenderOptions } from './renderer.ts'
import { Screen } from './screen.ts'

/** Shows no results, as the callback `null` of community.general: warnings, questions and why a run ended remain. */
export class QuietRenderer implements Renderer {
  readonly #options: RenderOptions
  readonly #screen: Screen
  readonly #questions: QuestionLines

  constructor(options: RenderOptions) {
    this.#options = options
    this.#screen = new Screen(options)
    this.#questions = new QuestionLines(this.#screen, options)
  }

  render({ body }: RunEvent): readonly Printed[] {
    if (body.kind === 'message') showMessage(this.#screen, body, this.#options.verbosity)
    if (body.kind === 'question' || body.kind === 'answer') this.#questions.show(body)
    if (body.kind === 'text') this.#screen.raw(body.text)
    if (body.kind === 'run_ended') showRunEnd(this.#screen, body)
    return this.#screen.take()
  }
}
