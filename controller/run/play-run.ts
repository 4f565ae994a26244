import type { TaskStarted, RunEventBody } from '../../proto/run.ts'
import type { Value } from '../../proto/value.ts'
import type { Play, Task } from '../playbook/playbook.ts'
import type { EventPlace } from './emitter.ts'
import type { Walk } from './frame.ts'
import type { HostRun } from './host-run.ts'
import type { HandlerList } from './known-handlers.ts'
import { RoleRuns } from './role-runs.ts'
import type { RunContext } from './run-context.ts'

/** One play on one batch of hosts. */
export class PlayRun {
  readonly context: RunContext
  readonly play: Play
  readonly isFree: boolean
  /** Runs nodes of this play. */
  readonly walk: Walk
  /** All that the pattern named, in the play's order. */
  readonly allHosts: readonly HostRun[]
  readonly batch: readonly HostRun[]
  /** Every handler of the play and of the roles in it, in the order that they run. */
  readonly handlers: HandlerList[] = []
  /** Handlers' ids, and the hosts that notified them. */
  readonly notified = new Map<string, Set<string>>()
  readonly roleRuns = new RoleRuns()
  /** Handlers that the user did not want now, and their hosts: --step asks again at the next flush. */
  readonly postponed: { readonly handler: Task; readonly hosts: readonly HostRun[] }[] = []
  /** meta: end_play. */
  isEnded = false
  /** any_errors_fatal or max_fail_percentage stopped the play: nothing of it runs any more. */
  isBroken = false
  /** any_errors_fatal stops the run after this play: a host that failed still has an `always` before it. */
  isLast = false

  /** --step asks before each task, until the user says to continue. */
  isStepping = true

  /** Hosts that a task of this play has been on its way to: --wait-for-hosts is for the first. */
  readonly met = new Set<string>()

  constructor(options: {
    readonly context: RunContext
    readonly play: Play
    readonly isFree: boolean
    readonly walk: (play: PlayRun) => Walk
    readonly allHosts: readonly HostRun[]
    readonly batch: readonly HostRun[]
  }) {
    this.context = options.context
    this.play = options.play
    this.isFree = options.isFree
    this.walk = options.walk(this)
    this.allHosts = options.allHosts
    this.batch = options.batch
  }

  /** Takes in handlers; of a role that is known with these parameters the known ones, which then count as the last. */
  addHandlers(lists: readonly HandlerList[]): void {
    for (const list of lists) {
      this.handlers.push(this.handlers.find(({ key }) => key === list.key) ?? list)
    }
  }

  /** Hosts of the batch that still take part. */
  get activeHosts(): readonly HostRun[] {
    return this.batch.filter((host) => host.isActive)
  }

  /** Writes an event of a task; under the free strategy below the task's heading. */
  emit(heading: TaskStarted, body: RunEventBody, place?: EventPlace): Promise<void> {
    const { emitter } = this.context
    if (this.isFree) return emitter.emitBelow(heading, body, place)
    return place ? emitter.emitAt(body, place) : emitter.emit(body)
  }

  /** What the magic variables say of the play's hosts. */
  refreshFacts(): void {
    this.context.setFacts({
      // Who ended in an earlier batch only left that one.
      playHosts: this.allHosts
        .filter(
          (host) => takesPart(host) || (host.status === 'ended' && !this.batch.includes(host)),
        )
        .map((host) => host.name),
      playBatch: this.batch.filter(takesPart).map((host) => host.name),
      playHostsAll: this.allHosts.map((host) => host.name),
    })
  }

  /** A value of the play itself, rendered with the variables of `host`. */
  renderFor(host: HostRun, value: Value): Value {
    const { language } = this.context
    return language.render(value, language.scope({ host: host.name, play: this.play }))
  }
}

function takesPart({ status, isRemoved }: HostRun): boolean {
  return status === 'active' && !isRemoved
}
