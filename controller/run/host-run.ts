import { newMap } from '../../proto/value.ts'
import type { ValueMap } from '../../proto/value.ts'
import type { RoleUse } from '../playbook/playbook.ts'
import type { HostState } from '../vars/host-vars.ts'

/** Where a host is in a play. `failed` and `unreachable` last for the run, `ended` (meta: end_host) for the play. */
export type HostStatus = 'active' | 'failed' | 'unreachable' | 'ended'

/** One host in a run: what it has learned, and whether it still takes part. */
export class HostRun {
  readonly name: string
  readonly vars: HostState = { facts: newMap(), set: newMap(), included: newMap() }
  status: HostStatus = 'active'
  /** Why it failed, for rescue: `ansible_failed_task` and `ansible_failed_result`. */
  failure: { readonly task: ValueMap; readonly result: ValueMap } | undefined
  hasGathered = false
  /** meta: end_role: the use of a role that it takes no further part in. */
  leftRole: RoleUse | undefined

  constructor(name: string) {
    this.name = name
  }

  get isActive(): boolean {
    return this.status === 'active' && this.leftRole === undefined
  }
}
