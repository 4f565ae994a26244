import type { JobId } from '../../proto/job.ts'
import type { TaskStarted } from '../../proto/run.ts'
import type { Task } from '../playbook/playbook.ts'
import type { Scope } from '../template/scope.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import type { Effects } from './effects.ts'
import type { ForkHold } from './forks.ts'
import type { HostRun } from './host-run.ts'
import type { PlayRun } from './play-run.ts'

/** One task on one host. */
export interface TaskEnv {
  readonly play: PlayRun
  readonly task: Task
  readonly heading: TaskStarted
  readonly host: HostRun
  /** Names from the includes around the task. */
  readonly locals: TaskLocals
  /** The place among the forks that this work holds. */
  readonly hold: ForkHold
  /** run_once: the hosts that get its facts and its result too. */
  readonly sharers: readonly HostRun[]
  /** This visit of the host to the task, or to one item of its loop (see Checkpoints). */
  readonly position: string
  /** What it changes in the run beside its result. */
  readonly effects: Effects
  /** Jobs that have ended, whose files are dropped once the result is in the record. */
  readonly endedJobs: JobId[]
}

/** Names in a scope of the task on its host. */
export function scopeOf(env: TaskEnv, locals: TaskLocals): Scope {
  const { language } = env.play.context
  return language.scope({ host: env.host.name, play: env.play.play, task: env.task, locals })
}

/** The same for what is asked of the host: how it is reached is known then. */
export function scopeOnHost(env: TaskEnv, locals: TaskLocals): Scope {
  const { play, task, host } = env
  const { language } = play.context
  return language.scope({ host: host.name, play: play.play, task, locals, hasConnection: true })
}
