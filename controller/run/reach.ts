import { ErrandError } from '../../proto/errors.ts'
import { runsOn, type Attempt } from './attempt.ts'
import type { Reached } from './job.ts'
import type { RunContext } from './run-context.ts'
import { reaching } from './task-error.ts'

/** Finds the host that the task runs on, sees that its agent answers, and whose rights the task has. */
export async function reach(attempt: Attempt): Promise<Reached> {
  const { context } = attempt.env.play
  const where = placeOf(attempt)
  const target = context.language.target(runsOn(attempt), where)
  const become = context.language.become(runsOn(attempt), where)
  const prepared = await reaching(() => context.fleet.prepare(target))
  const runAs = become
    ? {
        user: become.user,
        method: become.method,
        ...(become.password === undefined ? {} : { password: become.password }),
        ...(become.flags === undefined ? {} : { flags: become.flags }),
      }
    : {
        user: target.connection === 'local' ? '' : (prepared.target.user ?? ''),
        method: 'none' as const,
      }
  return {
    prepared,
    runAs,
    ...surroundings(context, { isLocal: target.connection === 'local', become }),
  }
}

/** On the controller's own machine a program starts where the user is, with the user's environment; sudo keeps none of it. */
function surroundings(
  { request }: RunContext,
  { isLocal, become }: { readonly isLocal: boolean; readonly become: unknown },
): Pick<Reached, 'cwd' | 'environment'> {
  if (!isLocal) return { cwd: undefined, environment: {} }
  return { cwd: request.cwd, environment: become ? {} : request.environment }
}

/** Has the agent of the host that the task runs on started when it is down, while the task waits for a job on it. */
export function lookAfter(attempt: Attempt): void {
  const { context } = attempt.env.play
  try {
    context.fleet.lookAfter(context.language.target(runsOn(attempt), placeOf(attempt)))
  } catch (error) {
    // What says where the host is may be gone. The job is waited for all the same.
    if (!(error instanceof ErrandError)) throw error
  }
}

/** Where a setting of the task on its host is looked up. */
export function placeOf({ env, locals }: Attempt) {
  return { host: env.host.name, play: env.play.play, task: env.task, locals }
}
