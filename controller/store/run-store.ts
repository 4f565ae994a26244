import { sql, type Selectable } from 'kysely'
import type { RunEvent, RunId, RunRequest } from '../../proto/run.ts'
import { eventBodyFrom, eventBodyText } from '../../proto/event-body.ts'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'
import type { Checkpoint, NewEvent, RunQuery, RunRow, RunStore, TakenUp } from './store.ts'

const pageSize = 500

/** Runs and their events in SQLite. */
export class SqliteRunStore implements RunStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async create(run: RunRow): Promise<void> {
    const { query } = this.#database
    await this.#database.write(() =>
      this.#database.execute(
        query.insertInto('runs').values({
          run_id: run.runId,
          request: JSON.stringify(run.request),
          state: run.state,
          started_at_ms: run.startedAtMs,
          ended_at_ms: run.endedAtMs ?? null,
          exit_code: run.exitCode ?? null,
        }),
      ),
    )
  }

  append(runId: RunId, event: NewEvent): Promise<RunEvent> {
    const { body, checkpoint } = event
    const atMs = Math.round(event.atMs)
    const text = eventBodyText(body)
    return this.#database.write(() => {
      const seq = this.#lastSeq(runId) + 1
      this.#database.execute(
        this.#database.query
          .insertInto('events')
          .values({ run_id: runId, seq, at_ms: atMs, body: text }),
      )
      if (checkpoint) this.#keep(runId, checkpoint)
      return { seq, atMs, body }
    })
  }

  async checkpoint(runId: RunId, checkpoint: Checkpoint): Promise<void> {
    await this.#database.write(() => {
      this.#keep(runId, checkpoint)
    })
  }

  async takeUp(runId: RunId): Promise<TakenUp> {
    const { query } = this.#database
    const checkpoints = this.#database.rows(
      query.selectFrom('checkpoints').select(['position', 'value']).where('run_id', '=', runId),
    )
    const jobs = this.#database.rows(
      query
        .selectFrom('jobs')
        .select(['position', 'job_id'])
        .where('run_id', '=', runId)
        .where('position', '<>', ''),
    )
    return {
      lastSeq: this.#lastSeq(runId),
      checkpoints: new Map(checkpoints.map(({ position, value }) => [position, value])),
      jobs: new Map(jobs.map(({ position, job_id: jobId }) => [position, jobId])),
    }
  }

  #keep(runId: RunId, { position, value }: Checkpoint): void {
    this.#database.execute(
      this.#database.query
        .insertInto('checkpoints')
        .values({ run_id: runId, position, value })
        .onConflict((conflict) => conflict.doNothing()),
    )
  }

  async *events(runId: RunId, afterSeq: number): AsyncIterable<RunEvent> {
    let last = afterSeq
    for (;;) {
      const page = this.#page(runId, last)
      yield* page
      if (page.length < pageSize) return
      last = page.at(-1)?.seq ?? last
    }
  }

  async end(
    runId: RunId,
    end: {
      readonly state: 'ended' | 'interrupted'
      readonly endedAtMs: number
      readonly exitCode: number
    },
  ): Promise<void> {
    const { query } = this.#database
    await this.#database.write(() => {
      this.#database.execute(
        query
          .updateTable('runs')
          .set({
            state: end.state,
            ended_at_ms: end.endedAtMs,
            exit_code: end.exitCode,
          })
          .where('run_id', '=', runId),
      )
      this.#database.execute(query.deleteFrom('checkpoints').where('run_id', '=', runId))
    })
  }

  async find(runId: RunId): Promise<RunRow | undefined> {
    const query = this.#database.query.selectFrom('runs').selectAll().where('run_id', '=', runId)
    return this.#database.rows(query).map(runFromRow)[0]
  }

  async list(wanted: RunQuery): Promise<readonly RunRow[]> {
    const { state, states = [], fromMs, beforeMs, idPrefix } = wanted
    let query = this.#database.query
      .selectFrom('runs')
      .selectAll()
      .orderBy('started_at_ms', 'desc')
      .orderBy('run_id', 'desc')
      .limit(wanted.limit)
    if (state !== undefined) query = query.where('state', '=', state)
    if (states.length > 0) query = query.where('state', 'in', states)
    if (fromMs !== undefined) query = query.where('started_at_ms', '>=', fromMs)
    if (beforeMs !== undefined) query = query.where('started_at_ms', '<', beforeMs)
    if (idPrefix !== undefined) {
      query = query.where('run_id', '>=', idPrefix).where('run_id', '<', `${idPrefix}\u{10FFFF}`)
    }
    return this.#database.rows(query).map(runFromRow)
  }

  #lastSeq(runId: RunId): number {
    const query = this.#database.query
      .selectFrom('events')
      .select(sql<number | null>`max(seq)`.as('last'))
      .where('run_id', '=', runId)
    return this.#database.rows(query)[0]?.last ?? 0
  }

  #page(runId: RunId, afterSeq: number): readonly RunEvent[] {
    const query = this.#database.query
      .selectFrom('events')
      .select(['seq', 'at_ms', 'body'])
      .where('run_id', '=', runId)
      .where('seq', '>', afterSeq)
      .orderBy('seq')
      .limit(pageSize)
    return this.#database.rows(query).map((row) => ({
      seq: row.seq,
      atMs: row.at_ms,
      body: eventBodyFrom(row.body),
    }))
  }
}

/** A row of the table as a run. */
export function runFromRow(row: Selectable<Schema['runs']>): RunRow {
  return {
    runId: row.run_id,
    request: JSON.parse(row.request) as RunRequest,
    state: row.state as RunRow['state'],
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms ?? undefined,
    exitCode: row.exit_code ?? undefined,
  }
}
