import type { JobFilter } from '../../proto/control.ts'
import { ErrandError } from '../../proto/errors.ts'
import type { JobQuery, JobRow, LabelQuery, Store } from '../store/store.ts'
import { findRun } from './find-run.ts'
import type { FleetPort } from './fleet-port.ts'
import { stateOf } from './job-summary.ts'

/**
 * Which jobs a filter that names none is about. `listed`: those that `async` asked for, and of the others those that
 * have not ended. `async`: only the first. `output`: those that print for people.
 */
type JobScope = 'listed' | 'async' | 'output'

export interface Choice {
  readonly scope: JobScope
  readonly signal: AbortSignal
}

/** Finds the jobs that a filter chooses. */
export class JobChooser {
  readonly #store: Store
  readonly #fleet: FleetPort

  constructor({ store, fleet }: { readonly store: Store; readonly fleet: FleetPort }) {
    this.#store = store
    this.#fleet = fleet
  }

  /**
   * The jobs as the record has them, newest first.
   *
   * @throws {ErrandError} `not_found` when one of the ids is nobody's, the run never was, or no host is meant.
   */
  async choose(filter: JobFilter, choice: Choice): Promise<readonly JobRow[]> {
    const query = await this.query(filter, choice)
    const jobs = await this.#store.jobs.list(query)
    const missing = filter.jobIds.find((id) => !jobs.some(({ jobId }) => jobId === id))
    if (missing !== undefined && !isNarrowed(filter)) {
      throw new ErrandError('not_found', `no job ${missing}; errand jobs lists them`)
    }
    if (filter.states.length === 0) return jobs
    return jobs.filter((job) =>
      filter.states.includes(stateOf(job, this.#fleet.connection(job.agentId))),
    )
  }

  /** What to ask of the record; an `unreachable` job is a queued or running one there. */
  async query(filter: JobFilter, choice: Choice): Promise<JobQuery> {
    const { jobIds, runId, states, task, labels = [], sinceMs, beforeMs, limit } = filter
    const run = runId === undefined ? undefined : await findRun(this.#store, runId)
    const hosts = await this.#hosts(filter, choice.signal)
    return {
      ...(jobIds.length > 0 ? { jobIds } : scopes[choice.scope]),
      ...(hosts ? { hosts } : {}),
      ...(run ? { runId: run.runId } : {}),
      ...(states.length > 0 ? { states: states.flatMap(recordedStates) } : {}),
      ...(task === undefined ? {} : { task }),
      ...(labels.length > 0 ? { labels: labels.map(labelQuery) } : {}),
      ...(sinceMs === undefined ? {} : { sinceMs }),
      ...(beforeMs === undefined ? {} : { beforeMs }),
      ...(limit > 0 ? { limit } : {}),
    }
  }

  async #hosts(
    { hosts, pattern, groups }: JobFilter,
    signal: AbortSignal,
  ): Promise<readonly string[] | undefined> {
    if (pattern === undefined) return hosts.length > 0 ? hosts : undefined
    const known = new Set(await this.#store.jobs.hostNames())
    for (const { name } of await this.#store.hosts.list()) known.add(name)
    const found = await this.#fleet.matchHosts(pattern, { known: [...known], groups, signal })
    if (found.length > 0) return found
    const where = groups ? 'of the inventory' : 'that has an agent or jobs'
    throw new ErrandError('not_found', `the pattern "${pattern}" means no host ${where}`)
  }
}

const scopes = {
  listed: { isListed: true },
  async: { isAsync: true },
  output: { hasOutput: true },
} as const satisfies Record<JobScope, JobQuery>

function recordedStates(state: string): readonly string[] {
  return state === 'unreachable' ? ['queued', 'running'] : [state]
}

function labelQuery(label: string): LabelQuery {
  const at = label.indexOf('=')
  return at < 0 ? { name: label } : { name: label.slice(0, at), text: label.slice(at + 1) }
}

function isNarrowed({ jobIds: _jobIds, limit, hosts, states, labels = [], ...rest }: JobFilter) {
  const lists = [hosts, states, labels]
  return (
    limit > 0 ||
    lists.some((words) => words.length > 0) ||
    Object.values(rest).some((value) => value !== undefined)
  )
}
