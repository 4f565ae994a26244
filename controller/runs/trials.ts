import { untilAborted } from '../../proto/call.ts'
import type { RunId } from '../../proto/run.ts'
import type { ClockPort } from '../run/ports.ts'
import type { Store, TakenUp } from '../store/store.ts'
import { startMark } from './starts.ts'

export interface TrialsOptions {
  readonly store: Pick<Store, 'runs'>
  readonly clock: Pick<ClockPort, 'nowMs'>
  /** How long a suspect goes on before the next one does. Default 30 s. */
  readonly trialMs?: number
}

/** Lets suspect runs go on one at a time, so that the one is known that ends the controller. */
export class Trials {
  readonly #options: TrialsOptions
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: TrialsOptions) {
    this.#options = options
  }

  /**
   * Resolves when the run may go on; the caller ends the trial when the run has, or is left.
   *
   * @param signal Aborts when the run is not to go on any more: then there is no trial.
   */
  async begin(
    runId: RunId,
    { taken, signal }: { readonly taken: TakenUp; readonly signal: AbortSignal },
  ): Promise<Trial | undefined> {
    const { store, clock, trialMs = 30_000 } = this.#options
    const before = this.#last
    const over = Promise.withResolvers<void>()
    this.#last = Promise.allSettled([before, over.promise])
    try {
      await untilAborted(before, signal)
    } catch {
      over.resolve()
      return undefined // the run itself says why
    }
    const atMs = clock.nowMs()
    await store.runs.checkpoint(runId, startMark(taken.checkpoints, { atMs, isAlone: true }))
    // More than was done: the start was not in vain.
    const pass = () => store.runs.checkpoint(runId, { position: `passed:${atMs}`, value: '' })
    return new Trial(() => pass().finally(over.resolve), trialMs)
  }
}

/** The time in which a suspect is the only one that goes on. */
export class Trial {
  readonly #pass: () => Promise<void>
  readonly #timer: NodeJS.Timeout
  #passed: Promise<void> | undefined

  constructor(pass: () => Promise<void>, trialMs: number) {
    this.#pass = pass
    this.#timer = setTimeout(() => void this.end().catch(() => {}), trialMs)
  }

  /** It has passed. Twice is harmless. */
  end(): Promise<void> {
    clearTimeout(this.#timer)
    this.#passed ??= this.#pass()
    return this.#passed
  }
}
