import { sql } from 'kysely'
import type { JobEvent, JobId, JobReport, JobState } from '../../proto/job.ts'
import { judge, openStages } from '../../proto/job-life.ts'
import type { RunId } from '../../proto/run.ts'
import type { Database } from './database.ts'
import { jobDurations, listJobs, type TaskOnHost } from './job-query.ts'
import { stageOf } from './job-stage.ts'
import { jobFromRow, jobToRow, reportToColumns } from './job-row.ts'
import type { JobQuery, JobRow, JobStore } from './store.ts'

/** Jobs in SQLite. */
export class SqliteJobStore implements JobStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async create(job: JobRow): Promise<void> {
    await this.#database.write(() => this.#insert(job))
  }

  async deliver(job: JobRow): Promise<boolean> {
    const { query } = this.#database
    const {
      job_id: jobId,
      created_at_ms: _created,
      expires_at_ms: _expires,
      ...sent
    } = jobToRow(job)
    const changed = await this.#database.write(() =>
      this.#database.execute(
        query
          .updateTable('jobs')
          .set(sent)
          .where('job_id', '=', jobId)
          .where('state', '=', 'waiting'),
      ),
    )
    return changed > 0
  }

  async endWait(report: JobReport, atMs: number): Promise<void> {
    await this.#database.write(() => {
      if (this.#find(report.jobId)?.expiresAtMs !== undefined)
        this.#apply(report.jobId, report, atMs)
    })
  }

  async report(jobId: JobId, report: JobReport, seenAtMs: number): Promise<JobReport> {
    return await this.#database.write(() => this.#apply(jobId, report, seenAtMs))
  }

  async applyEvent(agentId: string, event: JobEvent, seenAtMs: number): Promise<JobReport> {
    const { report } = event
    return await this.#database.write(() => {
      const host = this.#countEvent(agentId, event.seq, seenAtMs)
      if (host === undefined) return this.#find(report.jobId)?.report ?? report
      this.#insert(unknownJob(host, agentId, event))
      return this.#apply(report.jobId, report, seenAtMs)
    })
  }

  async forget(jobId: JobId): Promise<void> {
    await this.#database.write(() =>
      this.#database.execute(
        this.#database.query
          .updateTable('jobs')
          .set({ is_forgotten: 1 })
          .where('job_id', '=', jobId),
      ),
    )
  }

  async leave(runId: RunId): Promise<void> {
    await this.#database.write(() =>
      this.#database.execute(
        this.#database.query
          .updateTable('jobs')
          .set({ is_async: 1 })
          .where('run_id', '=', runId)
          .where('state', 'in', openStages),
      ),
    )
  }

  async find(jobId: JobId): Promise<JobRow | undefined> {
    return this.#find(jobId)
  }

  async list(query: JobQuery): Promise<readonly JobRow[]> {
    return listJobs(this.#database, query)
  }

  async durations(task: TaskOnHost): Promise<readonly number[]> {
    return jobDurations(this.#database, task)
  }

  async hostNames(): Promise<readonly string[]> {
    const query = this.#database.query.selectFrom('jobs').select('host').distinct().orderBy('host')
    return this.#database.rows(query).map(({ host }) => host)
  }

  async openCounts(): Promise<ReadonlyMap<RunId, number>> {
    const query = this.#database.query
      .selectFrom('jobs')
      .select(['run_id', sql<number>`count(*)`.as('jobs')])
      .where('state', 'in', openStages)
      .where('is_async', '=', 1)
      .groupBy('run_id')
    return new Map(this.#database.rows(query).map((row) => [row.run_id, row.jobs]))
  }

  #insert(job: JobRow): void {
    const { query } = this.#database
    this.#database.execute(
      query
        .insertInto('jobs')
        .values(jobToRow(job))
        .onConflict((conflict) => conflict.doNothing()),
    )
  }

  /** Inside of a transaction: nothing comes between the look and the change. */
  #apply(jobId: JobId, report: JobReport, seenAtMs: number): JobReport {
    const row = this.#find(jobId)
    const known = row?.report
    const before = known?.state ?? { kind: row ? stageOf(row) : 'submitting' }
    if (judge(before, report.state) === 'refused') return known ?? report
    this.#database.execute(
      this.#database.query
        .updateTable('jobs')
        .set({ ...reportToColumns(report), state: report.state.kind, last_seen_ms: seenAtMs })
        .where('job_id', '=', jobId),
    )
    return report
  }

  #find(jobId: JobId): JobRow | undefined {
    const query = this.#database.query.selectFrom('jobs').selectAll().where('job_id', '=', jobId)
    return this.#database.rows(query).map(jobFromRow)[0]
  }

  /** Moves an agent's number forward. The host's name when the event is new, else undefined. */
  #countEvent(agentId: string, seq: number, seenAtMs: number): string | undefined {
    const { query } = this.#database
    const moved = this.#database.rows(
      query
        .updateTable('hosts')
        .set({ last_seq: seq, last_seen_ms: seenAtMs })
        .where('agent_id', '=', agentId)
        .where('last_seq', '<', seq)
        .returning('name'),
    )
    return moved[0]?.name
  }
}

/** What an agent of ours runs and the record does not know: shown, rather than kept quiet. */
function unknownJob(host: string, agentId: string, { report, atMs }: JobEvent): JobRow {
  return {
    jobId: report.jobId,
    host,
    agentId,
    runId: '',
    taskId: '',
    name: report.name,
    isAsync: true,
    createdAtMs: startOf(report.state) || atMs,
    report: undefined,
    lastSeenMs: undefined,
    isForgotten: false,
  }
}

function startOf(state: JobState): number {
  return state.kind === 'queued' ? state.queuedAtMs : state.startedAtMs
}
