import type { JobFilter, JobSummary } from '../../proto/control.ts'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { isFinal, type WireError } from '../../proto/job.ts'
import type { JobQuery, JobRow, Store } from '../store/store.ts'
import type { FleetPort } from './fleet-port.ts'
import { summarizeJob } from './job-summary.ts'
import { merge } from './merge.ts'

/** How long a cancelled job has between TERM and KILL when nobody says. */
const defaultGraceMs = 10_000

export interface JobsOptions {
  readonly store: Store
  readonly fleet: FleetPort
}

/** Answers about jobs, out of the record and from the agents. */
export class JobsService {
  readonly #store: Store
  readonly #fleet: FleetPort

  constructor({ store, fleet }: JobsOptions) {
    this.#store = store
    this.#fleet = fleet
  }

  /** The jobs that a filter chooses, newest first. */
  async *list(filter: JobFilter): AsyncGenerator<JobSummary, void> {
    for (const job of await this.choose(filter)) yield this.#summary(job)
  }

  /** Each job as it is now, then again at its end. */
  async *wait(filter: JobFilter, signal: AbortSignal): AsyncGenerator<JobSummary, void> {
    yield* merge((await this.choose(filter)).map((job) => this.#untilEnd(job, signal)))
  }

  /** Cancels the jobs that have not ended and yields each as its agent answers. */
  async *cancel(
    filter: JobFilter,
    {
      graceMs = defaultGraceMs,
      signal,
    }: { readonly graceMs?: number; readonly signal: AbortSignal },
  ): AsyncGenerator<JobSummary, void> {
    const jobs = await this.choose(filter)
    yield* merge(jobs.map((job) => this.#cancelOne(job, graceMs, signal)))
  }

  /**
   * The jobs that a filter chooses, as the record has them.
   *
   * @throws {ErrandError} `not_found` when one of its ids is nobody's, or its run never was.
   */
  async choose(filter: JobFilter): Promise<readonly JobRow[]> {
    if (filter.runId !== undefined && !(await this.#store.runs.find(filter.runId))) {
      throw new ErrandError('not_found', `no run ${filter.runId}; errand runs lists them`)
    }
    const jobs = await this.#store.jobs.list(queryOf(filter))
    const missing = filter.jobIds.find((id) => !jobs.some(({ jobId }) => jobId === id))
    if (missing !== undefined && !isNarrowed(filter)) {
      throw new ErrandError('not_found', `no job ${missing}; errand jobs lists them`)
    }
    if (filter.states.length === 0) return jobs
    return jobs.filter((job) => filter.states.includes(this.#summary(job).state))
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

/** By id any job is found; otherwise those that `async` asked for. */
function queryOf({ jobIds, hosts, runId, states, name, limit }: JobFilter): JobQuery {
  return {
    ...(jobIds.length > 0 ? { jobIds } : { isAsync: true }),
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(runId === undefined ? {} : { runId }),
    ...(states.length > 0 ? { states: states.map(recordedState) } : {}),
    ...(name === undefined ? {} : { task: `*${name}*` }),
    ...(limit > 0 ? { limit } : {}),
  }
}

/** In the record a job on a silent host is running. */
function recordedState(state: string): string {
  return state === 'unreachable' ? 'running' : state
}

function isNarrowed({ hosts, runId, states, name, limit }: JobFilter): boolean {
  return (
    hosts.length > 0 || runId !== undefined || states.length > 0 || name !== undefined || limit > 0
  )
}
