import type { Logger } from 'pino'
import type { RetentionLimits, RunRow, Store } from './store/store.ts'

/** What is kept of the record when nobody says otherwise. */
export interface KeepConfig {
  /** Runs that ended longer ago are forgotten. */
  readonly keepMs: number
  /** No more than this many, the newest. */
  readonly keepRuns: number
}

export interface RetentionOptions {
  readonly store: Store
  readonly keep: KeepConfig
  readonly clock: { readonly nowMs: () => number }
  readonly log: Logger
  /** Between two looks of the controller itself. Default an hour. */
  readonly everyMs?: number
}

/** Forgets runs past their time. One that goes on, or whose jobs do, is never touched. */
export class Retention {
  readonly #options: RetentionOptions
  #nextMs = 0

  constructor(options: RetentionOptions) {
    this.#options = options
  }

  /** Called often; does its work now and then. */
  async tick(signal: AbortSignal): Promise<void> {
    const { clock, keep, log, store, everyMs = 3_600_000 } = this.#options
    const nowMs = clock.nowMs()
    if (nowMs < this.#nextMs) return
    this.#nextMs = nowMs + everyMs
    try {
      let runs = 0
      for await (const _run of this.prune({}, signal)) runs += 1
      await store.retention.removeLooseJobs(nowMs - keep.keepMs)
      const bytes = await store.retention.giveBack({ signal })
      if (runs > 0) log.info({ runs, bytes }, 'old runs forgotten')
    } catch (err) {
      // The next look tries again; what the controller is there for goes on.
      log.warn({ err }, 'old runs could not be forgotten')
    }
  }

  /** The runs past the limits that are given, or past the configured ones when none is. */
  past(given: GivenLimits): Promise<readonly RunRow[]> {
    return this.#options.store.retention.past(this.#limits(given))
  }

  /** Forgets them, and yields each that is gone. */
  async *prune(given: GivenLimits, signal: AbortSignal): AsyncGenerator<RunRow, void> {
    for (const run of await this.past(given)) {
      if (signal.aborted) return
      if (await this.#options.store.retention.remove(run.runId)) yield run
    }
  }

  #limits({ olderThanMs, keep }: GivenLimits): RetentionLimits {
    const { keep: configured, clock } = this.#options
    if (olderThanMs === undefined && keep === undefined) {
      return { beforeMs: clock.nowMs() - configured.keepMs, keep: configured.keepRuns }
    }
    const beforeMs = olderThanMs === undefined ? undefined : clock.nowMs() - olderThanMs
    return { beforeMs, keep }
  }
}

/** Limits of a request. */
export interface GivenLimits {
  readonly olderThanMs?: number | undefined
  readonly keep?: number | undefined
}
