import type { RecallAnswer } from '../inventory/read-script.ts'
import { checkpointText } from './checkpoints.ts'
import type { RunContext } from './run-context.ts'

/** Keeps what inventory scripts answer: who goes on with the run has the hosts that it began with, whatever there is by then. */
export function recallAnswer({ checkpoints, emitter }: RunContext): RecallAnswer {
  return async (command, ask) => {
    const position = checkpoints.visit(`answer:${command}`)
    const known = checkpoints.at(position)
    if (typeof known === 'string') return known
    const answer = await ask()
    await emitter.keep(position, checkpointText(answer))
    return answer
  }
}
