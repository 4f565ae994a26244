import type { RunEventBody } from '../../proto/run.ts'
import { isMap, mapOf } from '../../proto/value.ts'
import { checkpointText } from './checkpoints.ts'
import type { Answer, OpenQuestion } from './ports.ts'
import { firstOf } from './race.ts'
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
  // Nobody types a line meanwhile that others' words would break.
  if (question.untilMs !== undefined) return await askNow(question, context)
  return await context.emitter.alone((emitter) =>
    askNow(question, { emitter, world: context.world }),
  )
}

/** What the record has of an answer. */
export function answerAt({ checkpoints }: RunContext, questionId: string): Answer | undefined {
  const known = checkpoints.at(answerPosition(questionId))
  if (!isMap(known)) return undefined
  if (known.get('isAbort') === true) return { isAbort: true }
  const text = known.get('text')
  return typeof text === 'string' ? { text } : {}
}

async function askNow(
  question: Question,
  { emitter, world }: Pick<RunContext, 'emitter' | 'world'>,
): Promise<Answer> {
  const { questionId, untilMs } = question
  using open = world.answers.open(questionId)
  await emitter.emitAt({ kind: 'question', ...question }, { position: questionId })
  const answer = await (untilMs === undefined
    ? open.answer(world.signal)
    : answerBefore(untilMs, { open, world }))
  const shown = question.isHidden && answer.text !== undefined ? { text: '' } : answer
  await emitter.emitAt(
    { kind: 'answer', questionId, ...shown },
    { position: answerPosition(questionId), value: checkpointText(mapOf({ ...answer })) },
  )
  return answer
}

/** What somebody answers before that time; an answer without text when nobody did. */
async function answerBefore(
  untilMs: number,
  { open, world }: { readonly open: OpenQuestion; readonly world: RunContext['world'] },
): Promise<Answer> {
  const leftMs = Math.max(0, untilMs - world.clock.nowMs())
  const first = await firstOf(
    {
      one: (signal) => open.answer(signal),
      other: (signal) => world.clock.sleep(leftMs, { signal }),
    },
    world.signal,
  )
  return first.winner === 'one' ? first.value : {}
}

function answerPosition(questionId: string): string {
  return `${questionId}/answer`
}

/** Nobody is there any more to answer: the run ends as it stands. */
export class NobodyAnswers extends Error {
  override readonly name = 'NobodyAnswers'
}
