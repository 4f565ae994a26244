import type { ValueMap } from '../../proto/value.ts'
import type { RoleUse } from '../playbook/playbook.ts'
import { HostKnowledge, type CachedFacts } from './host-knowledge.ts'

/** Where a host is in a play. `failed` and `unreachable` last for the run, `ended` (meta: end_host) for the play. */
export type HostStatus = 'active' | 'failed' | 'unreachable' | 'ended'

/** One host in a run: what it has learned, and whether it still takes part. */
export class HostRun {
  readonly name: string
  readonly vars: HostKnowledge
  status: HostStatus = 'active'
  /** Why it failed, for rescue: `ansible_failed_task` and `ansible_failed_result`. Not of a failure that another host shares. */
  failure: { readonly task: ValueMap; readonly result: ValueMap } | undefined
  /** A handler failed, flushed on the way: only the outermost block around takes the host back. */
  hasFailedInFlush = false
  /** It failed in this play and had its handlers run all the same, which happens once. */
  isFlushed = false
  /** No more one of `ansible_play_hosts` in this play, though a rescue took it back. */
  isRemoved = false
  /** An include found nothing here: though a rescue took the host back, it has failed for whatever comes after this play. */
  isLost = false
  /** meta: end_role: the use of a role that it takes no further part in. */
  leftRole: RoleUse | undefined

  constructor(name: string, cached?: CachedFacts) {
    this.name = name
    this.vars = new HostKnowledge(cached)
  }

  get isActive(): boolean {
    return this.status === 'active' && this.leftRole === undefined
  }
}
