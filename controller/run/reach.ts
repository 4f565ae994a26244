import { ErrandError } from '../../proto/errors.ts'
import { runsOn, type Attempt } from './attempt.ts'
import type { Reached } from './job.ts'
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
  return { prepared, runAs, cwd: target.connection === 'local' ? context.request.cwd : undefined }
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

function placeOf({ env, locals }: Attempt) {
  return { host: env.host.name, play: env.play.play, task: env.task, locals }
}
