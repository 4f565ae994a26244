import type { RunEvent, RunEventBody } from '../../../proto/run.ts'
import type { ValueMap } from '../../../proto/value.ts'

/** A job of the run whose output is shown while it runs. */
export interface LiveJob {
  readonly jobId: string
  readonly host: string
  readonly task: string
  /** Number of the event that told of it. */
  readonly seq: number
  /** All of its output was read. */
  isOver: boolean
  /** Some of it was not shown: it was dropped, or could not be read. */
  isIncomplete: boolean
}

/** The jobs of hosts in the task that each is in, so that a result comes after the output that it speaks of. */
export class JobGroups {
  readonly #byHost = new Map<string, readonly LiveJob[]>()

  add(job: LiveJob): void {
    this.#byHost.set(job.host, [...(this.#byHost.get(job.host) ?? []), job])
  }

  /**
   * The jobs that an event of a host speaks of: an item or a retry of the oldest, the result of the task of all; these
   * are not spoken of again. A job that `poll: 0` left running belongs to no result.
   */
  take({ body }: RunEvent): readonly LiveJob[] {
    const host = hostOf(body)
    const jobs = host === undefined ? undefined : this.#byHost.get(host)
    if (!jobs || host === undefined) return []
    if (body.kind === 'async_ok' || body.kind === 'async_failed') return jobs.slice(0, 1)
    if (!('result' in body)) return []
    const left = launchedJob(body.result)
    const own = jobs.filter(({ jobId }) => jobId !== left)
    const count = body.kind === 'host_result' ? own.length : left === undefined ? 1 : 0
    this.#byHost.set(host, own.slice(count))
    return own.slice(0, count)
  }
}

/** The host whose lines must stand in order with an event; undefined when all must. */
export function hostOf(body: RunEventBody): string | undefined {
  switch (body.kind) {
    case 'host_result':
    case 'item_result':
    case 'retrying':
      return body.host.host
    case 'async_poll':
    case 'async_ok':
    case 'async_failed':
    case 'notified':
    case 'install_step':
    case 'job_started':
      return body.host
    default:
      return undefined
  }
}

/** Of the result of a task with `poll: 0`: the job that it started. */
function launchedJob(result: ValueMap): string | undefined {
  const jobId = result.get('ansible_job_id')
  return typeof jobId === 'string' && result.get('finished') === 0 ? jobId : undefined
}
