import type { MutableMap, ValueMap } from '../../proto/value.ts'
import type { Scope } from '../template/scope.ts'
import type { Play, Task } from '../playbook/playbook.ts'

/** What one host has learned in a run: grows, is restored from the record, is data (never evaluated as a template). */
export interface HostState {
  /** Facts by the names that modules gave them, most with `ansible_` in front (step 10). */
  readonly facts: ValueMap
  /** Its facts are complete: `gather_facts` brought them, in this run or in one whose facts are cached. */
  readonly hasGathered: boolean
  /** set_fact and registered results (step 18). */
  readonly set: MutableMap
  /** include_vars (step 17): from the controller's files, so templates in it are rendered. */
  readonly included: MutableMap
}

/** What the run knows beside inventory and playbook, for magic variables. */
export interface RunFacts {
  readonly checkMode: boolean
  readonly diffMode: boolean
  readonly forks: number
  readonly verbosity: number
  readonly limit: string | undefined
  readonly runTags: readonly string[]
  readonly skipTags: readonly string[]
  readonly configFile: string | undefined
  readonly playbookDir: string
  /** Hosts of the play that still take part; those of the current batch; all that the pattern named. */
  readonly playHosts: readonly string[]
  readonly playBatch: readonly string[]
  readonly playHostsAll: readonly string[]
}

/** Names that exist for one execution of a task only: item, loop variables, include parameters, role parameters. */
export interface TaskLocals {
  /** Data: `item`, `ansible_loop`, `ansible_failed_result` … */
  readonly data: ValueMap
  /** Include parameters (step 20), unrendered. */
  readonly includeParams: ValueMap
}

/**
 * Makes the scope that the templates of `task` on `host` are evaluated in, by the precedence table.
 * Rendering is lazy and each name is rendered once per scope.
 */
export type MakeScope = (where: {
  readonly host: string
  readonly play: Play
  readonly task?: Task
  readonly locals?: TaskLocals
}) => Scope
