import type { JobSummary } from '../../proto/control.ts'
import type { JobId, JobProgress } from '../../proto/job.ts'
import type { JobRow, Store } from '../store/store.ts'
import type { FleetPort } from './fleet-port.ts'

/** How far a job is, and how long it will go on. */
export type Outlook = Pick<JobSummary, 'progress' | 'left'>

/** How many earlier jobs an estimate is made from. */
const earlierJobs = 5

/** Asks agents and the record how long running jobs will go on. */
export class Outlooks {
  readonly #store: Store
  readonly #fleet: FleetPort
  readonly #nowMs: () => number

  constructor({
    store,
    fleet,
    nowMs = () => Date.now(),
  }: {
    readonly store: Store
    readonly fleet: FleetPort
    readonly nowMs?: () => number
  }) {
    this.#store = store
    this.#fleet = fleet
    this.#nowMs = nowMs
  }

  /** Of the jobs that run on hosts that answer. */
  async of(jobs: readonly JobRow[], signal: AbortSignal): Promise<ReadonlyMap<JobId, Outlook>> {
    const running = jobs.filter((job) => this.#isSeen(job))
    const said = await this.#said(running, signal)
    const outlooks = new Map<JobId, Outlook>()
    for (const job of running) {
      const progress = said.get(job.jobId)
      outlooks.set(job.jobId, progress ? outlookOf(progress) : await this.#estimate(job))
    }
    return outlooks
  }

  #isSeen({ report, agentId }: JobRow): boolean {
    return report?.state.kind === 'running' && this.#fleet.connection(agentId).state === 'connected'
  }

  async #said(
    jobs: readonly JobRow[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<JobId, JobProgress>> {
    const printing = jobs.filter(({ hasOutput }) => hasOutput)
    const byAgent = Map.groupBy(printing, ({ agentId }) => agentId)
    const answers = Array.from(byAgent, ([agentId, rows]) => {
      const questions = rows.map(({ jobId, progress = 'lines' }) => ({ jobId, style: progress }))
      return this.#fleet.progress(agentId, questions, { signal })
    })
    const all = (await Promise.all(answers)).flat()
    return new Map(all.map((progress) => [progress.jobId, progress]))
  }

  /** From how long earlier jobs took; nothing once it takes longer than they did. */
  async #estimate({ host, sameTask = '', createdAtMs }: JobRow): Promise<Outlook> {
    const took = await this.#store.jobs.durations({ host, sameTask, limit: earlierJobs })
    const ms = (median(took) ?? 0) - (this.#nowMs() - createdAtMs)
    return ms > 0 ? { left: { ms: Math.round(ms), from: 'earlier' } } : {}
  }
}

/** As long as the rest takes when it goes on as it went so far; nothing before it has begun to. */
function outlookOf({ percent, text, elapsedMs, ageMs }: JobProgress): Outlook {
  const progress = { percent, text }
  if (percent <= 0) return { progress }
  const ms = Math.max(0, (elapsedMs * (100 - percent)) / percent - ageMs)
  return { progress, left: { ms: Math.round(ms), from: 'progress' } }
}

/** The middle one; of an even number the mean of the two in the middle. */
function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}
