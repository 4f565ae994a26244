import type { JobId } from '../../proto/job.ts'
import { parseRecord, stringifyRecord } from '../../proto/json-text.ts'

/** What the record has of a run that another controller began. */
export interface Recorded {
  /** Values by position. */
  readonly checkpoints: ReadonlyMap<string, string>
  /** The jobs that were to be started, by position. */
  readonly jobs: ReadonlyMap<string, JobId>
}

/**
 * What a run had got done when its controller died. The next one carries the run out again from its start, and whatever has a
 * checkpoint here is taken from it and not done again. A position names one place of the run by nothing but what is the same the next
 * time: the task's id, the host, how often the host came to the task, the item's index, the attempt, the step.
 */
export class Checkpoints {
  readonly #recorded: Recorded
  readonly #visits = new Map<string, number>()
  /** Outcomes of tasks on hosts that the record has and that have not been come to again. */
  readonly #ahead: Set<string>
  readonly #caughtUp = Promise.withResolvers<void>()

  constructor(recorded: Recorded = { checkpoints: new Map(), jobs: new Map() }) {
    this.#recorded = recorded
    this.#ahead = new Set([...recorded.checkpoints.keys()].filter((one) => taskOutcome.test(one)))
    if (this.#ahead.size === 0) this.#caughtUp.resolve()
  }

  /** How many outcomes of tasks the record has beyond what this run has come to. */
  get ahead(): number {
    return this.#ahead.size
  }

  /** Resolves when {@link ahead} is 0. */
  get caughtUp(): Promise<void> {
    return this.#caughtUp.promise
  }

  /** A task's outcome on a host has been taken from the record, and all that it changes is changed. */
  taken(position: string): void {
    this.#ahead.delete(position)
    if (this.#ahead.size === 0) this.#caughtUp.resolve()
  }

  has(position: string): boolean {
    return this.#recorded.checkpoints.has(position)
  }

  /** What {@link checkpointText} was given there; undefined where nothing was. */
  at(position: string): unknown {
    const text = this.#recorded.checkpoints.get(position)
    return text === undefined || text === '' ? undefined : parseRecord(text)
  }

  /** The job that was to be started there. */
  jobAt(position: string): JobId | undefined {
    return this.#recorded.jobs.get(position)
  }

  /** The position of this visit to a place that may be come to more than once. */
  visit(place: string): string {
    const visits = (this.#visits.get(place) ?? 0) + 1
    this.#visits.set(place, visits)
    return `${place}#${visits}`
  }
}

/** The position of a task on a host, and none of an item, an attempt or a step of it. */
const taskOutcome = /^t:.*#\d+$/su

/** A value as a checkpoint keeps it. */
export function checkpointText(value: unknown): string {
  return stringifyRecord(value)
}
