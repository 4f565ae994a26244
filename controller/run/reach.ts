import { ErrandError } from '../../proto/errors.ts'
import { runsOn, type Attempt } from './attempt.ts'
import type { Reached } from './job.ts'
import type { BecomeTarget } from './ports.ts'
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
    ...(target.connection === 'local' ? localSurroundings(attempt, become) : elsewhere),
  }
}

const elsewhere: Surroundings = { cwd: undefined, environment: {} }

type Surroundings = Pick<Reached, 'cwd' | 'environment'>

/** On the controller's own machine a program starts in the playbook's folder, with the user's environment; sudo keeps none of it. */
export function localSurroundings({ env }: Attempt, become?: BecomeTarget): Surroundings {
  const { play, context } = env.play
  const cwd = play.baseDir
  return { cwd, environment: become ? {} : { ...context.request.environment, PWD: cwd } }
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
