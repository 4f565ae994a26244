import { setTimeout as delay } from 'node:timers/promises'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { RunEvent, RunEventBody, RunId } from '../../proto/run.ts'
import type { CommandContext } from './context.ts'
import { InputLines } from './input-lines.ts'

type Question = Extract<RunEventBody, { readonly kind: 'question' }>

/** Answers the questions of a run with what the user types, until somebody has answered them. */
export class QuestionAnswerer implements Disposable {
  readonly #runId: RunId
  readonly #context: CommandContext
  readonly #left = new AbortController()
  readonly #lines: InputLines
  readonly #open = new Map<string, AbortController>()
  readonly #typed = new Set<string>()

  constructor(
    runId: RunId,
    { context, input }: { readonly context: CommandContext; readonly input: NodeJS.ReadStream },
  ) {
    this.#runId = runId
    this.#context = context
    this.#lines = new InputLines(input)
  }

  /** Whether the answer to this question was typed here, and stands on the screen. */
  isTyped(questionId: string): boolean {
    return this.#typed.has(questionId)
  }

  /** Begins to ask at a question, and stops when it is answered. */
  note({ body }: RunEvent): void {
    if (body.kind === 'answer') {
      this.#open.get(body.questionId)?.abort()
      this.#open.delete(body.questionId)
    }
    if (body.kind !== 'question') return
    const answered = new AbortController()
    this.#open.set(body.questionId, answered)
    void this.#answer(body, AbortSignal.any([this.#left.signal, answered.signal]))
  }

  [Symbol.dispose](): void {
    this.#left.abort()
    this.#lines[Symbol.dispose]()
  }

  async #answer({ questionId, isHidden }: Question, signal: AbortSignal): Promise<void> {
    try {
      const text = await this.#lines.next(signal, { isHidden: isHidden === true })
      this.#typed.add(questionId)
      const answer = { runId: this.#runId, questionId, ...(text === undefined ? {} : { text }) }
      while (!(await this.#isTaken(answer, signal))) await delay(patienceMs, undefined, { signal })
    } catch (error) {
      if (signal.aborted) return
      await this.#context.terminal.err(`errand: ${sentenceOf(error)}\n`)
    }
  }

  /** False while the controller does not ask: it has just heard another answer, or goes on with the run and is not there yet. */
  async #isTaken(
    answer: { readonly runId: RunId; readonly questionId: string; readonly text?: string },
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      await this.#context.controllers.ask((controller) => controller.answerRun(answer, signal))
      return true
    } catch (error) {
      if (error instanceof ErrandError && error.code === 'conflict') return false
      throw error
    }
  }
}

const patienceMs = 500
