import { untilAborted } from '../../proto/call.ts'
import { ErrandError } from '../../proto/errors.ts'
import type { Answer, AnswersPort, OpenQuestion } from '../run/ports.ts'

/** Takes to the open questions of one run what users answer. */
export class Answers implements AnswersPort {
  readonly #open = new Map<string, (answer: Answer) => void>()

  open(questionId: string): OpenQuestion {
    const { promise, resolve } = Promise.withResolvers<Answer>()
    this.#open.set(questionId, resolve)
    return {
      answer: (signal) => untilAborted(promise, signal),
      [Symbol.dispose]: () => this.#open.delete(questionId),
    }
  }

  /** @throws {ErrandError} `conflict` when the question waits for no answer. */
  give(questionId: string, answer: Answer): void {
    const resolve = this.#open.get(questionId)
    if (!resolve) throw new ErrandError('conflict', 'the question waits for no answer any more')
    this.#open.delete(questionId)
    resolve(answer)
  }
}
