import type { Task } from '../playbook/playbook.ts'
import { answerAt, askUser, NobodyAnswers } from './ask-user.ts'
import type { Frame } from './frame.ts'
import { writtenName } from './heading.ts'
import type { PlayRun } from './play-run.ts'

/**
 * --step: whether the user wants this task to run; `continue` is for the rest of the play's batch.
 *
 * @throws {NobodyAnswers} at the end of the user's input.
 */
export async function isWanted(play: PlayRun, task: Task, frame: Frame): Promise<boolean> {
  const { context } = play
  if (!context.request.step) return true
  const [first] = frame.hosts.filter((host) => host.isActive)
  const host = play.isFree ? (first?.name ?? '') : ''
  const questionId = context.checkpoints.visit(`step:${task.id}:${host}`)
  if (!play.isStepping && !answerAt(context, questionId)) return true
  const kind = frame.isHandler ? 'HANDLER' : 'TASK'
  const { text } = await askUser(context, {
    questionId,
    about: 'step',
    text: `Perform task: ${kind}: ${writtenName(task)} ${host === '' ? '' : `on ${host} `}(N)o/(y)es/(c)ontinue: `,
  })
  if (text === undefined) throw new NobodyAnswers('the input of --step is at its end')
  const said = text.toLowerCase()
  if (['c', 'continue'].includes(said)) play.isStepping = false
  return ['y', 'yes', 'c', 'continue'].includes(said)
}
