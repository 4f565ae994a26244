import type { JobId } from '../../proto/job.ts'
import type { Scope } from '../template/scope.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import type { TaskSettings } from './settings.ts'
import type { TaskEnv } from './task-env.ts'

/** One attempt of a task on a host, for one item. */
export interface Attempt {
  readonly env: TaskEnv
  readonly scope: Scope
  readonly locals: TaskLocals
  readonly settings: TaskSettings
  readonly noLog: boolean
  /** Of this attempt (see Checkpoints). */
  readonly position: string
  /** Counts the jobs that it starts; the id of its own one, once it has one. */
  readonly steps: { next: number; jobId?: JobId; isTold?: boolean }
}

/** The name of the host that the task runs on: its own, or that of delegate_to. */
export function runsOn({ env, settings }: Attempt): string {
  return settings.delegateTo ?? env.host.name
}
