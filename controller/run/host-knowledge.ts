import { addAll, newMap, type MutableMap, type ValueMap } from '../../proto/value.ts'
import type { HostState } from '../vars/host-vars.ts'
import { gatheredMark } from '../vars/magic.ts'

/** What is kept of one host beyond the run. */
export interface CachedFacts {
  /** What was known when the run began. */
  load(): ValueMap | undefined
  store(facts: ValueMap): void
  forget(): void
}

/** What one host has learned in a run, and what runs before it learned where facts are cached. */
export class HostKnowledge implements HostState {
  readonly set = newMap()
  readonly included = newMap()
  readonly #cached: CachedFacts | undefined
  #facts: MutableMap | undefined
  #hasGathered = false

  constructor(cached: CachedFacts | undefined) {
    this.#cached = cached
  }

  /** The cache is asked when a fact is needed for the first time. */
  get facts(): ValueMap {
    return (this.#facts ??= this.#loaded())
  }

  get hasGathered(): boolean {
    return this.facts.size > 0 && this.#hasGathered
  }

  /** @param options `isComplete`: they are what `gather_facts` found. */
  learn(facts: ValueMap, { isComplete }: { readonly isComplete: boolean }): void {
    addAll((this.#facts ??= this.#loaded()), facts)
    this.#hasGathered ||= isComplete
    this.#cached?.store(
      this.#hasGathered ? newMap([...this.facts, [gatheredMark, true]]) : this.facts,
    )
  }

  forgetFacts(): void {
    this.#facts = newMap()
    this.#hasGathered = false
    this.#cached?.forget()
  }

  #loaded(): MutableMap {
    const facts = newMap(this.#cached?.load())
    this.#hasGathered ||= facts.get(gatheredMark) === true
    facts.delete(gatheredMark)
    return facts
  }
}
