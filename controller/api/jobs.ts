import type { JobFilter, JobSummary } from '../../proto/control.ts'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { isFinal, type WireError } from '../../proto/job.ts'
import type { JobRow, Store } from '../store/store.ts'
import type { FleetPort } from './fleet-port.ts'
import { holderOf } from './holder.ts'
import type { JobChooser } from './job-chooser.ts'
import { summarizeJob } from './job-summary.ts'
import { merge } from './merge.ts'
import { Outlooks } from './outlook.ts'

/** How long a cancelled job has between TERM and KILL when nobody says. */
const defaultGraceMs = 10_000

export interface JobsOptions {
  readonly store: Store
  readonly fleet: FleetPort
  readonly chooser: JobChooser
}

/** Answers about jobs, out of the record and from the agents. */
export class JobsService {
  readonly #store: Store
  readonly #fleet: FleetPort
  readonly #chooser: JobChooser
  readonly #outlooks: Outlooks

  constructor({ store, fleet, chooser }: JobsOptions) {
    this.#store = store
    this.#fleet = fleet
    this.#chooser = chooser
    this.#outlooks = new Outlooks({ store, fleet })
  }

  /** The jobs that a filter chooses, newest first. */
  async *list(filter: JobFilter, signal: AbortSignal): AsyncGenerator<JobSummary, void> {
    const jobs = await this.#chooser.choose(filter, { scope: 'listed', signal })
    const outlooks = await this.#outlooks.of(jobs, signal)
    for (const job of jobs) {
      const holder = await holderOf(job, this.#store)
      yield { ...this.#summary(job), ...outlooks.get(job.jobId), ...(holder ? { holder } : {}) }
    }
  }

  /**
   * Each job as it is now, then again at its end. Jobs that have ended are waited for only where the filter names them
   * or their run.
   */
  async *wait(filter: JobFilter, signal: AbortSignal): AsyncGenerator<JobSummary, void> {
    const jobs = await this.#chooser.choose(filter, { scope: 'async', signal })
    const isNamed = filter.jobIds.length > 0 || filter.runId !== undefined || hasStates(filter)
    const chosen = isNamed ? jobs : jobs.filter(isOut)
    yield* merge(chosen.map((job) => this.#untilEnd(job, signal)))
  }

  /** Cancels the jobs that have not ended and yields each as its agent answers. */
  async *cancel(
    filter: JobFilter,
    {
      graceMs = defaultGraceMs,
      signal,
    }: { readonly graceMs?: number; readonly signal: AbortSignal },
  ): AsyncGenerator<JobSummary, void> {
    const jobs = await this.#chooser.choose(filter, { scope: 'listed', signal })
    const chosen = filter.jobIds.length > 0 ? jobs : jobs.filter(isOut)
    yield* merge(chosen.map((job) => this.#cancelOne(job, graceMs, signal)))
  }

  async *#untilEnd(job: JobRow, signal: AbortSignal): AsyncGenerator<JobSummary, void> {
    yield this.#summary(job)
    if (job.report && isFinal(job.report.state)) return
    yield await this.#answer(job, () => this.#fleet.wait(job.jobId, { signal }), signal)
  }

  async *#cancelOne(
    job: JobRow,
    graceMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<JobSummary, void> {
    if (job.report && isFinal(job.report.state)) yield this.#summary(job)
    else
      yield await this.#answer(
        job,
        () => this.#fleet.cancel(job.jobId, { graceMs, signal }),
        signal,
      )
  }

  /** The job after `ask`, or with the error that `ask` ended with. */
  async #answer(
    job: JobRow,
    ask: () => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<JobSummary> {
    try {
      await ask()
      return this.#summary((await this.#store.jobs.find(job.jobId)) ?? job)
    } catch (error) {
      signal.throwIfAborted()
      return { ...this.#summary(job), error: wireError(error) }
    }
  }

  #summary(job: JobRow): JobSummary {
    return summarizeJob(job, this.#fleet.connection(job.agentId))
  }
}

function wireError(error: unknown): WireError {
  return error instanceof ErrandError
    ? { code: error.code, message: error.message }
    : { code: 'internal', message: sentenceOf(error) }
}

function isOut({ report }: JobRow): boolean {
  return !report || !isFinal(report.state)
}

function hasStates({ states }: JobFilter): boolean {
  return states.length > 0
}
