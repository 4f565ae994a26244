import { sql, type ExpressionBuilder } from 'kysely'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RunId } from '../../proto/run.ts'
import type { Database } from './database.ts'
import { openStages } from '../../proto/job-life.ts'
import { runFromRow } from './run-store.ts'
import type { Schema } from './schema.ts'
import type { RetentionLimits, RetentionStore, RunRow } from './store.ts'

/** Pages that are given back at a time: 8 MB, some milliseconds in which nothing else is answered. */
const pagesAtATime = 2000

/** Forgets runs, and gives the space that they took back. */
export class SqliteRetentionStore implements RetentionStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async past({ beforeMs, keep }: RetentionLimits): Promise<readonly RunRow[]> {
    const newest = this.#database.query
      .selectFrom('runs')
      .select('run_id')
      .orderBy('started_at_ms', 'desc')
      .orderBy('run_id', 'desc')
    const query = this.#database.query
      .selectFrom('runs')
      .selectAll()
      .where(isForgettable)
      .where((where) =>
        where.or([
          ...(beforeMs === undefined ? [] : [where('ended_at_ms', '<', beforeMs)]),
          ...(keep === undefined ? [] : [where('run_id', 'not in', newest.limit(keep))]),
        ]),
      )
      .orderBy('started_at_ms', 'desc')
      .orderBy('run_id', 'desc')
    return this.#database.rows(query).map(runFromRow)
  }

  async remove(runId: RunId): Promise<boolean> {
    const { query } = this.#database
    return this.#database.write(() => {
      // Its events go with it, by the reference of their table.
      const removed = this.#database.execute(
        query.deleteFrom('runs').where('run_id', '=', runId).where(isForgettable),
      )
      if (removed === 0) return false
      this.#database.execute(query.deleteFrom('jobs').where('run_id', '=', runId))
      return true
    })
  }

  async removeLooseJobs(beforeMs: number): Promise<void> {
    const { query } = this.#database
    await this.#database.write(() =>
      this.#database.execute(
        query
          .deleteFrom('jobs')
          .where('created_at_ms', '<', beforeMs)
          .where('state', 'not in', openStages)
          .where('run_id', 'not in', query.selectFrom('runs').select('run_id')),
      ),
    )
  }

  async giveBack({ signal }: { readonly signal: AbortSignal }): Promise<number> {
    const before = this.#database.bytes
    while (!signal.aborted && this.#database.giveBackPages(pagesAtATime)) await nextTurn()
    this.#database.shrinkLog()
    return Math.max(0, before - this.#database.bytes)
  }
}

/** It has ended, and so have its jobs. */
function isForgettable(where: ExpressionBuilder<Schema, 'runs'>) {
  const openJobs = where
    .selectFrom('jobs')
    .select(sql`1`.as('one'))
    .whereRef('jobs.run_id', '=', 'runs.run_id')
    .where('jobs.state', 'in', openStages)
  return where.and([where('runs.state', '!=', 'running'), where.not(where.exists(openJobs))])
}
