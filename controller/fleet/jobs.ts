import type { Logger } from 'pino'
import { abortReason, wasInterrupted } from '../../proto/call.ts'
import { ErrandError } from '../../proto/errors.ts'
import {
  isFinal,
  type JobEvent,
  type JobId,
  type JobReport,
  type JobSpec,
} from '../../proto/job.ts'
import { openStages } from '../../proto/job-life.ts'
import type { RunId } from '../../proto/run.ts'
import type { ClockPort, HeldJob, JobView, PreparedHost, StartOptions } from '../run/ports.ts'
import type { JobRow, Store } from '../store/store.ts'
import type { AgentLink } from './agent-link.ts'
import { AwaitedEnds } from './awaited-ends.ts'
import { brokenOff, isBrokenOff } from './broken-off.ts'
import type { AgentConnection } from './connection.ts'
import type { Links } from './links.ts'
import { agentRemoved, neverStarted } from './lost-reports.ts'
import { isNotFound } from './not-found.ts'
import { lastWord, settleJobs } from './settle-jobs.ts'
import { submitJob } from './submit-job.ts'
import { isUnsent, UnsentJobs } from './unsent-jobs.ts'

export interface FleetJobsOptions {
  readonly store: Store
  readonly links: Links
  readonly clock: ClockPort
  readonly log: Logger
  /** A test of the promise that nothing runs twice: every submit is sent twice. */
  readonly repeatSubmits: boolean
}

interface Abortable {
  readonly signal: AbortSignal
}

/** How long a host may stay silent when a question is asked that has no time-out of its own. */
const askMs = 10_000

/**
 * The jobs of the fleet. A job is in the record before its agent hears of it, and its end is in the record before
 * anybody here hears of that.
 */
export class FleetJobs {
  readonly #options: FleetJobsOptions
  readonly #unsent: UnsentJobs
  readonly #ends = new AwaitedEnds()
  /** Submits that have not been answered: nobody else may judge these jobs. */
  readonly #submitting = new Set<JobId>()
  /** Of runs of another controller, before or after this one: they send them again, under the same id. */
  readonly #leftToRuns = new Set<JobId>()
  /** Agents that this controller has been connected to. */
  readonly #met = new WeakSet<AgentLink>()
  readonly #closing = new AbortController()
  readonly #listeners = new Set<(jobId: JobId) => void>()

  constructor(options: FleetJobsOptions) {
    this.#options = options
    this.#unsent = new UnsentJobs({ ...options, onEnd: (report) => this.#ends.tell(report) })
  }

  async start(
    host: PreparedHost,
    spec: JobSpec,
    { origin, isKnown, signal }: StartOptions,
  ): Promise<JobReport> {
    const { store, links, clock } = this.#options
    const { jobId } = spec
    const known = isKnown ? await store.jobs.find(jobId) : undefined
    if (known?.report) return known.report
    const wasUnsent = known !== undefined && isUnsent(known)
    const row: JobRow = {
      jobId,
      host: origin.host,
      agentId: host.agentId,
      runId: origin.runId,
      taskId: origin.taskId,
      name: spec.name,
      // Who let it wait may have gone: it is listed and waited for like one of async.
      isAsync: origin.isAsync || wasUnsent,
      position: origin.position,
      createdAtMs: clock.nowMs(),
      report: undefined,
      lastSeenMs: undefined,
      isForgotten: false,
      lock: spec.lock ?? '',
      ...origin.about,
    }
    if (!wasUnsent) await store.jobs.create(row)
    else if (!(await store.jobs.deliver(row)))
      return this.start(host, spec, { origin, isKnown, signal })
    for (const listener of this.#listeners) listener(jobId)
    const link = links.to(host.agentId)
    this.#submitting.add(jobId)
    this.#leftToRuns.delete(jobId)
    link.addJob(jobId)
    try {
      const answer = this.#submit(link, spec, { timeoutMs: host.target.timeoutMs, signal })
      return await answer.finally(() => this.#submitting.delete(jobId))
    } catch (error) {
      // Given up half-way: whether it runs is found out behind the caller's back. A run that is only left to the next
      // controller sends it again there.
      if (signal.aborted && !wasInterrupted(signal)) this.#leftToRuns.add(jobId)
      else this.#settleLater(jobId, link)
      throw error
    }
  }

  hold(job: HeldJob): Promise<void> {
    return this.#unsent.hold(job)
  }

  async giveUp(jobId: JobId, kind: 'expired' | 'cancelled'): Promise<void> {
    await this.#unsent.giveUp(await this.#row(jobId), kind)
  }

  /** Tells of each job once it is in the record, until the answer is called. */
  onNew(listener: (jobId: JobId) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async recorded(jobId: JobId): Promise<JobReport | undefined> {
    return (await this.#options.store.jobs.find(jobId))?.report
  }

  async wait(jobId: JobId, { signal }: Abortable): Promise<JobReport> {
    let link: AgentLink | undefined
    const known = async () => {
      const row = await this.#row(jobId)
      if (row.report && isFinal(row.report.state)) return row.report
      if (isUnsent(row)) return undefined
      link = this.#options.links.to(row.agentId)
      link.addJob(jobId)
      return undefined
    }
    const report = await this.#ends.wait(jobId, known, { signal })
    link?.removeJob(jobId) // its end may have come between the look into the record and addJob
    return report
  }

  async look(jobId: JobId, { signal }: Abortable): Promise<JobView> {
    const row = await this.#row(jobId)
    if (row.isForgotten) throw new ErrandError('not_found', `the job ${jobId} was cleaned up`)
    if (row.report && isFinal(row.report.state)) return { host: row.host, report: row.report }
    if (isUnsent(row))
      throw new ErrandError('unreachable', `${row.host} is away; the job ${jobId} waits for it`)
    const link = this.#options.links.to(row.agentId)
    const report = await this.#ask(row, {
      signal,
      question: (connection) => connection.look(jobId),
    })
    return { host: row.host, report: await this.#store(jobId, report, link) }
  }

  /** Asks for the job's end and resolves with it; a job that has ended stays as it is. */
  async cancel(
    jobId: JobId,
    { graceMs, signal }: Abortable & { readonly graceMs: number },
  ): Promise<JobReport> {
    const row = await this.#row(jobId)
    if (row.report && isFinal(row.report.state)) return row.report
    if (isUnsent(row)) {
      await this.#unsent.giveUp(row, 'cancelled')
      return this.cancel(jobId, { graceMs, signal }) // its end, or that of a job that was just sent
    }
    const link = this.#options.links.to(row.agentId)
    link.addJob(jobId)
    const question = (connection: AgentConnection) =>
      connection.cancel(jobId, graceMs).catch((error: unknown) => {
        if (!isNotFound(error) || !this.#mayJudge(jobId)) throw error
        return lastWord(connection, row, this.#options.clock)
      })
    const report = await this.#store(jobId, await this.#ask(row, { signal, question }), link)
    return isFinal(report.state) ? report : this.wait(jobId, { signal })
  }

  async forget(jobId: JobId, { signal }: Abortable): Promise<void> {
    const row = await this.#row(jobId)
    const question = (connection: AgentConnection) => connection.forget(jobId)
    await this.#ask(row, { signal, question }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error
    })
    await this.#options.store.jobs.forget(jobId)
  }

  /** An agent's event: into the record first, then to those who wait. */
  async onEvent(agentId: string, event: JobEvent): Promise<void> {
    const { store, links, clock } = this.#options
    const standing = await store.jobs.applyEvent(agentId, event, clock.nowMs())
    this.#tell(standing, links.to(agentId))
  }

  /** After a connection was lost: the record keeps when its jobs were last known to run. */
  async onLost(link: AgentLink, lastHeardMs: number): Promise<void> {
    const { store, links } = this.#options
    const host = links.hostOf(link.agentId)
    if (host !== undefined) await store.hosts.update(host, { lastSeenMs: lastHeardMs })
    for (const row of await this.#open(link)) {
      if (row.report?.state.kind === 'running')
        await store.jobs.report(row.jobId, row.report, lastHeardMs)
    }
  }

  /**
   * After a connection was made: jobs that were never answered for are asked about; all of them when the agent's
   * journal is a new one, since its old spool may be gone, and the first time, since the record may be an old one.
   */
  async onConnected(link: AgentLink, isNewJournal: boolean): Promise<void> {
    const isAll = isNewJournal || !this.#met.has(link)
    this.#met.add(link)
    const open = await this.#open(link)
    await this.#settle(isAll ? open : open.filter(({ report }) => report === undefined), link)
  }

  /** After an event that did not follow the one before it: the ends of jobs may have been among those between. */
  async onGap(link: AgentLink): Promise<void> {
    await this.#settle(await this.#open(link), link)
  }

  /** After a start of the controller: takes up every job of the record that has not ended. */
  async resume(): Promise<void> {
    const { store, links, clock } = this.#options
    const goingOn = new Set(
      (await store.runs.list({ state: 'running', limit: 10_000 })).map(({ runId }) => runId),
    )
    for (const row of await this.#unended()) {
      const { jobId, agentId } = row
      // The run itself sends it again when it comes to it.
      if (isUnsent(row) && !goingOn.has(row.runId)) await this.#unsent.abandon(row)
      else if (row.report === undefined && goingOn.has(row.runId)) this.#leftToRuns.add(jobId)
      else if (links.hostOf(agentId) !== undefined) links.to(agentId).addJob(jobId)
      else await store.jobs.report(jobId, agentRemoved(row, clock.nowMs()), clock.nowMs())
    }
  }

  /** After another controller's run came to its end here: what it was to start, and did not come to any more, is found out about. */
  async takeUp(runId: RunId): Promise<void> {
    for (const row of await this.#unended()) {
      if (row.runId !== runId || row.report !== undefined) continue
      if (isUnsent(row)) {
        await this.#unsent.abandon(row)
        continue
      }
      this.#leftToRuns.delete(row.jobId)
      const link = this.#options.links.to(row.agentId)
      link.addJob(row.jobId)
      this.#settleLater(row.jobId, link)
    }
  }

  #unended(): Promise<readonly JobRow[]> {
    const { store } = this.#options
    return store.jobs.list({ states: openStages, limit: 1_000_000 })
  }

  #settleLater(jobId: JobId, link: AgentLink): void {
    const work = this.#row(jobId).then((row) =>
      row.report ? undefined : this.#settle([row], link),
    )
    work.catch((error: unknown) => {
      this.#options.log.error({ err: error, jobId }, 'a job could not be looked after')
    })
  }

  /** Finds out about jobs that nobody is asking about. */
  #settle(rows: readonly JobRow[], link: AgentLink): Promise<void> {
    return settleJobs(link, rows, {
      clock: this.#options.clock,
      mayJudge: (jobId) => this.#mayJudge(jobId),
      record: (report) => this.#store(report.jobId, report, link),
      signal: this.#closing.signal,
    })
  }

  #mayJudge(jobId: JobId): boolean {
    return !this.#submitting.has(jobId) && !this.#leftToRuns.has(jobId)
  }

  async #open(link: AgentLink): Promise<readonly JobRow[]> {
    if (link.jobsOut.size === 0) return []
    const rows = await this.#options.store.jobs.list({
      jobIds: [...link.jobsOut],
      limit: link.jobsOut.size,
    })
    return rows.filter(({ report }) => report === undefined || !isFinal(report.state))
  }

  async #submit(
    link: AgentLink,
    spec: JobSpec,
    options: Abortable & { readonly timeoutMs: number },
  ): Promise<JobReport> {
    const { clock, repeatSubmits: isRepeated } = this.#options
    const submitted = await submitJob(link, spec, { ...options, clock, isRepeated })
    if (submitted.kind === 'taken') return this.#store(spec.jobId, submitted.report, link)
    const { error } = submitted
    await this.#store(spec.jobId, neverStarted(spec, { error, nowMs: clock.nowMs() }), link)
    throw error
  }

  async #ask(
    row: JobRow,
    {
      signal,
      question,
    }: Abortable & { readonly question: (connection: AgentConnection) => Promise<JobReport> },
  ): Promise<JobReport> {
    const link = this.#options.links.to(row.agentId)
    const ask = () =>
      link.use((connection) => question(connection).catch(brokenOff), { timeoutMs: askMs, signal })
    try {
      return await ask()
    } catch (error) {
      if (signal.aborted) throw abortReason(signal)
      if (isBrokenOff(error)) return ask()
      throw error
    }
  }

  async #store(jobId: JobId, report: JobReport, link: AgentLink): Promise<JobReport> {
    const { store, clock } = this.#options
    // An event may have brought the end while this answer was on its way: then that end stands.
    const standing = await store.jobs.report(jobId, report, clock.nowMs())
    this.#tell(standing, link)
    return standing
  }

  #tell(report: JobReport, link: AgentLink): void {
    if (!isFinal(report.state)) return
    link.removeJob(report.jobId)
    this.#ends.tell(report)
  }

  /** Gives up what goes on beside the calls. */
  [Symbol.dispose](): void {
    this.#closing.abort(new ErrandError('cancelled', 'the controller is leaving'))
  }

  async #row(jobId: JobId): Promise<JobRow> {
    const row = await this.#options.store.jobs.find(jobId)
    if (row) return row
    throw new ErrandError('not_found', `there is no job ${jobId}`)
  }
}
