import { untilAborted } from '../../proto/call.ts'
import type { RunEvent } from '../../proto/run.ts'

/** How many events are kept in memory for those who watch live; who is slower reads from the record. */
const keptEvents = 256

/** Tells the watchers of one run that there is more in the record. Events are published in order, after they were written. */
export class RunFeed {
  #recent: RunEvent[] = []
  #lastSeq: number
  #isOver = false
  #change = Promise.withResolvers<void>()

  /** @param lastSeq What is in the record of the run already. */
  constructor(lastSeq = 0) {
    this.#lastSeq = lastSeq
  }

  /** The number of the last event that was published. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  /** True when no more events will come. */
  get isOver(): boolean {
    return this.#isOver
  }

  publish(event: RunEvent): void {
    this.#lastSeq = event.seq
    this.#recent.push(event)
    if (this.#recent.length > keptEvents) this.#recent.shift()
    this.#wake()
  }

  end(): void {
    this.#isOver = true
    this.#wake()
  }

  /** The events after `seq`; undefined when memory does not go back that far. */
  after(seq: number): readonly RunEvent[] | undefined {
    const first = this.#recent[0]?.seq ?? this.#lastSeq + 1
    return seq + 1 < first ? undefined : this.#recent.slice(seq + 1 - first)
  }

  /** Resolves at the next {@link publish} or {@link end}. */
  changed(signal: AbortSignal): Promise<void> {
    return untilAborted(this.#change.promise, signal)
  }

  #wake(): void {
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }
}
