import { isMap, newMap, type MutableMap } from '../../proto/value.ts'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { TemplateError } from '../template/templates.ts'
import type { Answer } from '../modules/module.ts'
import { firstFalse } from './conditions.ts'
import { plainTaskName } from './heading.ts'
import { hostLabel } from './host-label.ts'
import type { Attempt } from './attempt.ts'
import { checkpointText } from './checkpoints.ts'
import type { Effect } from './effects.ts'
import { perform } from './perform.ts'
import { firstOf } from './race.ts'
import { completed, flag, registered, shown, type Result } from './results.ts'
import { takeFacts } from './facts.ts'
import { scopeOnHost } from './task-env.ts'

/** Runs a task's module until its `until` holds or its attempts are used up. */
export async function attemptTask(task: TaskAttempts): Promise<Result> {
  const { attempts } = task.settings
  for (let count = attemptsDone(task) + 1; ; count += 1) {
    const position = attemptPosition(task.env.position, count)
    const attempt: Attempt = { ...task, position, steps: { next: 1 } }
    const effectsBefore = task.env.effects.done.length
    const answered = await perform(attempt)
    const result = judged(attempt, completed(answered.result), count)
    if (attempts <= 1 || isEnough(attempt, result)) return result
    if (count >= attempts) {
      result.set('attempts', attempts - 1)
      result.set('failed', true)
      return result
    }
    await beforeRetry(attempt, { result, answered, retriesLeft: attempts - count, effectsBefore })
  }
}

/** What all attempts of a task have in common. */
export type TaskAttempts = Omit<Attempt, 'position' | 'steps'>

function attemptPosition(position: string, count: number): string {
  return `${position}/a${count}`
}

/** The attempts that another controller made; what they changed in the run is done here as well. */
function attemptsDone({ env }: TaskAttempts): number {
  const { checkpoints } = env.play.context
  for (let count = 1; ; count += 1) {
    const position = attemptPosition(env.position, count)
    if (!checkpoints.has(position)) return count - 1
    const effects = checkpoints.at(position) as readonly Effect[] | undefined
    for (const effect of effects ?? []) env.effects.add(effect)
  }
}

/** `failed_when` and `changed_when` have the last word on a result, unless the task was skipped. */
function judged(attempt: Attempt, result: Result, count: number): Result {
  const { settings, env } = attempt
  takeFacts(attempt, result)
  if (settings.until.length > 0) result.set('attempts', count)
  if (result.has('skipped')) return result
  const { language } = env.play.context
  const scope = scopeWith(attempt, result)
  let named = 'changed'
  try {
    if (settings.changedWhen.length > 0) {
      result.set('changed', firstFalse(language, settings.changedWhen, scope) === undefined)
    }
    named = 'failed'
    if (settings.failedWhen.length > 0) {
      const hasFailed =
        firstFalse(language, settings.failedWhen, scopeWith(attempt, result)) === undefined
      result.set('failed_when_result', hasFailed)
      result.set('failed', hasFailed)
    }
  } catch (error) {
    result.set('failed', true)
    result.set(
      `${named}_when_result`,
      error instanceof TemplateError ? error.ansible : sentenceOf(error),
    )
  }
  return result
}

function isEnough(attempt: Attempt, result: Result): boolean {
  const { settings, env } = attempt
  if (settings.until.length === 0) return !flag(result, 'failed')
  try {
    const scope = scopeWith(attempt, result)
    return firstFalse(env.play.context.language, settings.until, scope) === undefined
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause
    throw new ErrandError('invalid', cause.ansible, { cause })
  }
}

/** The scope after the module answered: the registered name is there already. */
function scopeWith(attempt: Attempt, result: Result) {
  const { env, locals, settings } = attempt
  const data: MutableMap = newMap(locals.data)
  const facts = result.get('ansible_facts')
  if (isMap(facts)) for (const [name, value] of facts) data.set(name, data.get(name) ?? value)
  if (settings.register !== undefined) data.set(settings.register, registered(result))
  return scopeOnHost(env, { ...locals, data })
}

async function beforeRetry(
  attempt: Attempt,
  retry: {
    readonly result: Result
    readonly answered: Answer
    readonly retriesLeft: number
    readonly effectsBefore: number
  },
): Promise<void> {
  const { env, settings, noLog } = attempt
  const { world } = env.play.context
  const { wake } = retry.answered
  retry.result.set('retries', settings.attempts)
  await env.play.emit(
    env.heading,
    {
      kind: 'retrying',
      taskId: env.task.id,
      task: env.task.name === undefined ? env.heading.task : plainTaskName(env.heading, env.task),
      host: hostLabel(env.host.name, settings.delegateTo),
      retriesLeft: retry.retriesLeft,
      result: shown(retry.result, { noLog }),
    },
    {
      position: attempt.position,
      value: checkpointText(env.effects.done.slice(retry.effectsBefore)),
    },
  )
  const pause = (signal: AbortSignal) => world.clock.sleep(settings.delayMs, { signal })
  await env.hold.whileWaiting(async () => {
    if (wake) await firstOf({ one: pause, other: wake }, world.signal)
    else await pause(world.signal)
  })
}
