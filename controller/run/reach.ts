import type { Attempt } from './attempt.ts'
import type { Reached } from './job.ts'
import { reaching } from './task-error.ts'

/** Finds the host that the task runs on, sees that its agent answers, and whose rights the task has. */
export async function reach(attempt: Attempt): Promise<Reached> {
  const { env, locals, settings } = attempt
  const { context, play } = env.play
  const where = { host: env.host.name, play, task: env.task, locals }
  const runsOn = settings.delegateTo ?? env.host.name
  const target = context.language.target(runsOn, where)
  const become = context.language.become(runsOn, where)
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
