import type { TaskNode } from '../playbook/playbook.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import type { HostRun } from './host-run.ts'

/** Where a list of tasks runs. */
export interface Frame {
  readonly hosts: readonly HostRun[]
  /** Names from the includes around. */
  readonly locals: TaskLocals
  /** A failure here will be rescued by a block around. */
  readonly isRescuing: boolean
  /** How many blocks, files and included roles are around. Default 0. */
  readonly depth?: number
  /** The same as isRescuing, of the blocks around without the outermost. */
  readonly isRescuingInside?: boolean
  /** An `always` around is still to come: who fails here has not left the play yet. */
  readonly isAlwaysToCome?: boolean
  /** It is the `always` of the nearest block: a failure here does not stop the play for others. */
  readonly isAlwaysNext?: boolean
  /** It is what a play begins with, wherever --start-at-task starts in it. */
  readonly isBeforeAll?: boolean
  /** They are handlers, or were brought in by one. */
  readonly isHandler: boolean
}

/** Runs a list of nodes: what brings in tasks (includes, handlers) is given it by the play. */
export type Walk = (nodes: readonly TaskNode[], frame: Frame) => Promise<void>
