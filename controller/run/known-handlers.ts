import type { Task } from '../playbook/playbook.ts'
import type { TaskLocals } from '../vars/host-vars.ts'

/** A handler, with the names that the include which brought its role in gives it. */
export interface KnownHandler {
  readonly task: Task
  readonly locals: TaskLocals
}

/** The handlers of a play or of a role. */
export interface HandlerList {
  /** Equal for the same role with the same parameters: it has its handlers once. */
  readonly key: string
  readonly handlers: readonly KnownHandler[]
}
