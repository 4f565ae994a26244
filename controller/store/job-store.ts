import { sql } from 'kysely'
import type { JobEvent, JobId, JobReport } from '../../proto/job.ts'
import type { RunId } from '../../proto/run.ts'
import type { Database } from './database.ts'
import { jobFromRow, jobToRow, reportToColumns } from './job-row.ts'
import type { JobQuery, JobRow, JobStore } from './store.ts'

const openStates = ['submitting', 'running'] as const

/** Jobs in SQLite. */
export class SqliteJobStore implements JobStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async create(job: JobRow): Promise<void> {
    await this.#database.write(() => this.#insert(job))
  }

  async report(jobId: JobId, report: JobReport, seenAtMs: number): Promise<void> {
    await this.#database.write(() => this.#update(jobId, report, seenAtMs))
  }

  async applyEvent(agentId: string, event: JobEvent, seenAtMs: number): Promise<void> {
    await this.#database.write(() => {
      const host = this.#countEvent(agentId, event.seq, seenAtMs)
      if (host === undefined) return
      this.#insert(unknownJob(host, agentId, event))
      this.#update(event.report.jobId, event.report, seenAtMs)
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

  async find(jobId: JobId): Promise<JobRow | undefined> {
    return (await this.list({ jobIds: [jobId], limit: 1 }))[0]
  }

  async list(filter: JobQuery): Promise<readonly JobRow[]> {
    let query = this.#database.query
      .selectFrom('jobs')
      .selectAll()
      .orderBy('job_id', 'desc')
      .limit(filter.limit ?? 1000)
    if (filter.jobIds) query = query.where('job_id', 'in', filter.jobIds)
    if (filter.hosts) query = query.where('host', 'in', filter.hosts)
    if (filter.runId !== undefined) query = query.where('run_id', '=', filter.runId)
    if (filter.states) query = query.where('state', 'in', filter.states)
    if (filter.isAsync !== undefined) query = query.where('is_async', '=', Number(filter.isAsync))
    if (filter.name !== undefined)
      query = query.where(sql<number>`instr(name, ${filter.name})`, '>', 0)
    return this.#database.rows(query).map(jobFromRow)
  }

  async openCounts(): Promise<ReadonlyMap<RunId, number>> {
    const query = this.#database.query
      .selectFrom('jobs')
      .select(['run_id', sql<number>`count(*)`.as('jobs')])
      .where('state', 'in', openStates)
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

  #update(jobId: JobId, report: JobReport, seenAtMs: number): void {
    this.#database.execute(
      this.#database.query
        .updateTable('jobs')
        .set({ ...reportToColumns(report), last_seen_ms: seenAtMs })
        .where('job_id', '=', jobId)
        .where('state', 'in', openStates),
    )
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
    createdAtMs: report.state.startedAtMs || atMs,
    report: undefined,
    lastSeenMs: undefined,
    isForgotten: false,
  }
}
