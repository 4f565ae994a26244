import { addAll } from '../../proto/value.ts'
import type { ValueMap } from '../../proto/value.ts'
import type { AsyncJob } from './async-job.ts'
import type { Growth } from './grown-inventory.ts'
import type { RunContext } from './run-context.ts'

/** What a task changes in the run beside its result. It is data, recorded with the result, so that it can be done again. */
export type Effect =
  | Growth
  | {
      readonly kind: 'set_stats'
      readonly data: ValueMap
      readonly host: string
      readonly isAdding: boolean
    }
  | { readonly kind: 'include_vars'; readonly host: string; readonly vars: ValueMap }
  | {
      readonly kind: 'facts'
      readonly hosts: readonly string[]
      readonly isSetFact: boolean
      /** set_fact: they are facts as well, and cached like them. */
      readonly isCacheable?: boolean
      /** What gather_facts found. */
      readonly isComplete?: boolean
      readonly facts: ValueMap
    }
  | { readonly kind: 'async_job'; readonly job: AsyncJob }

/** Does it; true when that changed anything. */
function apply(context: RunContext, effect: Effect): boolean {
  switch (effect.kind) {
    case 'add_host':
    case 'add_to_group':
      return context.grow(effect)
    case 'set_stats':
      context.customStats.add(effect.data, effect)
      return true
    case 'include_vars':
      addAll(context.hostRun(effect.host).vars.included, effect.vars)
      return true
    case 'facts':
      for (const name of effect.hosts) {
        const { vars } = context.hostRun(name)
        const { facts, isSetFact, isCacheable = false, isComplete = false } = effect
        if (isSetFact) addAll(vars.set, facts)
        if (!isSetFact || isCacheable) vars.learn(facts, { isComplete })
      }
      return true
    case 'async_job':
      // A copy: what is learned of the job later is not part of what was recorded.
      context.asyncJobs.set(effect.job.jobId, { ...effect.job })
      return true
  }
}

/** Collects the effects of one task on one host while they are done. */
export class Effects {
  readonly #context: RunContext
  readonly #done: Effect[] = []

  constructor(context: RunContext) {
    this.#context = context
  }

  get done(): readonly Effect[] {
    return this.#done
  }

  /** Does it and remembers it; true when that changed anything. */
  add(effect: Effect): boolean {
    this.#done.push(effect)
    return apply(this.#context, effect)
  }

  /** Takes over what was done for one of several items. */
  take(effects: readonly Effect[]): void {
    this.#done.push(...effects)
  }
}
