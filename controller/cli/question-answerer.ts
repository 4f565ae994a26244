import { setTimeout as delay } from 'node:timers/promises'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { AnswerRunRequest } from '../../proto/gen/errand/control/v1/AnswerRunRequest.ts'
import type { RunEvent, RunEventBody, RunId } from '../../proto/run.ts'
import type { CommandContext } from './context.ts'
import { InputLines } from './input-lines.ts'

type Question = Extract<RunEventBody, { readonly kind: 'question' }>

/** What the user says: a line, that there is none any more, or that the task is to fail. */
type Said = Pick<AnswerRunRequest, 'text' | 'isAbort'>

interface OpenQuestion {
  readonly question: Question
  /** Aborts when somebody has answered. */
  readonly answered: AbortController
  /** Aborts when no line is wanted any more. */
  readonly line: AbortController
}

/** Answers the questions of a run with what the user types, until somebody has answered them. */
export class QuestionAnswerer implements Disposable {
  readonly #runId: RunId
  readonly #context: CommandContext
  readonly #left = new AbortController()
  readonly #lines: InputLines
  readonly #open = new Map<string, OpenQuestion>()
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
      this.#open.get(body.questionId)?.answered.abort()
      this.#open.delete(body.questionId)
    }
    if (body.kind !== 'question') return
    const open = {
      question: body,
      answered: new AbortController(),
      line: new AbortController(),
    }
    this.#open.set(body.questionId, open)
    if (body.untilMs === undefined) void this.#readLine(open)
  }

  /**
   * Ctrl-C at a pause: the user is asked for a key that says what it meant. False where there is no pause, or the user is
   * asked already: Ctrl-C is for the run then.
   */
  takeInterrupt(): boolean {
    const open = this.#open
      .values()
      .find(({ question, line }) => question.about === 'pause' && !line.signal.aborted)
    if (!open || !this.#lines.hasKeys) return false
    open.line.abort()
    void this.#readKey(open)
    return true
  }

  [Symbol.dispose](): void {
    this.#left.abort()
    this.#lines[Symbol.dispose]()
  }

  #readLine({ question, answered, line }: OpenQuestion): Promise<void> {
    const signal = AbortSignal.any([this.#left.signal, answered.signal, line.signal])
    return this.#answer(question, signal, async () => {
      const text = await this.#lines.next(signal, { isHidden: question.isHidden === true })
      return text === undefined ? {} : { text }
    })
  }

  #readKey({ question, answered }: OpenQuestion): Promise<void> {
    const signal = AbortSignal.any([this.#left.signal, answered.signal])
    return this.#answer(question, signal, async () => {
      await this.#context.terminal.out("Press 'C' to continue the play or 'A' to abort \r\n")
      return (await this.#lines.key(['c', 'a'], signal)) === 'a' ? { isAbort: true } : {}
    })
  }

  async #answer(
    { questionId }: Question,
    signal: AbortSignal,
    read: () => Promise<Said>,
  ): Promise<void> {
    try {
      const answer = { ...(await read()), runId: this.#runId, questionId }
      this.#typed.add(questionId)
      while (!(await this.#isTaken(answer, signal))) await delay(patienceMs, undefined, { signal })
    } catch (error) {
      if (signal.aborted) return
      await this.#context.terminal.err(`errand: ${sentenceOf(error)}\n`)
    }
  }

  /** False while the controller does not ask: it has just heard another answer, or goes on with the run and is not there yet. */
  async #isTaken(answer: AnswerRunRequest, signal: AbortSignal): Promise<boolean> {
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
