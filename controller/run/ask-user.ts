import type { RunEventBody } from '../../proto/run.ts'
import { isMap, mapOf } from '../../proto/value.ts'
import { checkpointText } from './checkpoints.ts'
import type { Answer } from './ports.ts'
import type { RunContext } from './run-context.ts'

type Question = Omit<Extract<RunEventBody, { readonly kind: 'question' }>, 'kind'>

/**
 * Asks the user and waits for the first answer, of whoever watches the run. What others tell meanwhile comes after it. What was
 * answered before the controller died is not asked again.
 *
 * @param question Its id is the position of a place that is come to once.
 */
export async function askUser(context: RunContext, question: Question): Promise<Answer> {
  const known = answerAt(context, question.questionId)
  if (known) return known
  return await context.emitter.alone((emitter) =>
    askNow(question, { emitter, world: context.world }),
  )
}

/** What the record has of an answer. */
export function answerAt({ checkpoints }: RunContext, questionId: string): Answer | undefined {
  const known = checkpoints.at(answerPosition(questionId))
  if (!isMap(known)) return undefined
  const text = known.get('text')
  return typeof text === 'string' ? { text } : {}
}

async function askNow(
  question: Question,
  { emitter, world }: Pick<RunContext, 'emitter' | 'world'>,
): Promise<Answer> {
  const { questionId } = question
  using open = world.answers.open(questionId)
  await emitter.emitAt({ kind: 'question', ...question }, { position: questionId })
  const answer = await open.answer(world.signal)
  const shown = question.isHidden && answer.text !== undefined ? { text: '' } : answer
  await emitter.emitAt(
    { kind: 'answer', questionId, ...shown },
    { position: answerPosition(questionId), value: checkpointText(mapOf({ text: answer.text })) },
  )
  return answer
}

function answerPosition(questionId: string): string {
  return `${questionId}/answer`
}

/** Nobody is there any more to answer: the run ends as it stands. */
export class NobodyAnswers extends Error {
  override readonly name = 'NobodyAnswers'
}
