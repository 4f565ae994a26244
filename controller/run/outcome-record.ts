import { newMap } from '../../proto/value.ts'
import { checkpointText } from './checkpoints.ts'
import type { Effect } from './effects.ts'
import type { EventPlace } from './emitter.ts'
import type { HostOutcome } from './host-outcome.ts'
import type { TaskEnv } from './task-env.ts'

/** What a task, or one item of it, came to on a host, as a checkpoint keeps it: unmasked, and gone when the run has ended. */
interface OutcomeRecord {
  readonly outcome: HostOutcome
  readonly effects: readonly Effect[]
}

/** Where and as what an outcome is kept, together with the event that tells it. */
export function outcomePlace(env: TaskEnv, outcome: HostOutcome): Required<EventPlace> {
  const record: OutcomeRecord = { outcome, effects: env.effects.done }
  return { position: env.position, value: checkpointText(record) }
}

/** What another controller recorded of it; then its effects are done here as well. */
export function recordedOutcome(env: TaskEnv): HostOutcome | undefined {
  const value = env.play.context.checkpoints.at(env.position)
  if (value === undefined) return undefined
  const { outcome, effects } = value as OutcomeRecord
  for (const effect of effects) env.effects.add(effect)
  // JSON has no undefined: what was not there is not there now. A result may still be added to.
  return {
    ...outcome,
    result: newMap(outcome.result),
    delegate: outcome.delegate,
    includes: outcome.includes.map((asked) => ({ ...asked, label: asked.label })),
  }
}
