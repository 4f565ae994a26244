import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Compilable,
} from 'kysely'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { Schema } from './schema.ts'

interface PendingWrite {
  readonly work: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * One SQLite file. Queries are built by kysely and executed here at once, so that no other work can come between the
 * statements of a transaction. Writes that are asked for in the same turn of the event loop share one transaction and
 * so one wait for the disk.
 */
export class Database implements AsyncDisposable {
  /** Builds queries; executes none. */
  readonly query: Kysely<Schema>
  readonly #file: string
  readonly #sqlite: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #waiting: PendingWrite[] = []

  constructor(file: string, sqlite: DatabaseSync) {
    this.#file = file
    this.#sqlite = sqlite
    this.query = new Kysely<Schema>({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    })
  }

  /** The rows of a query. */
  rows<Row>(query: Compilable<Row>): readonly Row[] {
    const { sql, parameters } = query.compile()
    return this.#guard(() => this.#statement(sql).all(...(parameters as SQLInputValue[]))) as Row[]
  }

  /** Executes a statement inside of {@link write} and says how many rows it changed. */
  execute(query: Compilable): number {
    const { sql, parameters } = query.compile()
    return Number(
      this.#guard(() => this.#statement(sql).run(...(parameters as SQLInputValue[]))).changes,
    )
  }

  /** Does `work` in a transaction, all of it or nothing; resolves when it is on the disk. */
  write<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.#flush())
    })
  }

  /** How much of the disk the record takes, its log aside. */
  get bytes(): number {
    return this.#pragma('page_count') * this.#pragma('page_size')
  }

  /** Gives up to so many free pages back to the disk; false when there was none. */
  giveBackPages(pages: number): boolean {
    const free = this.#pragma('freelist_count')
    if (free === 0) return false
    this.#guard(() => this.#sqlite.exec(`pragma incremental_vacuum(${pages})`))
    return this.#pragma('freelist_count') < free
  }

  /** Moves what the log has into the file, and empties it. */
  shrinkLog(): void {
    this.#guard(() => this.#sqlite.exec('pragma wal_checkpoint(truncate)'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#sqlite.isOpen) return
    this.#flush()
    this.#statements.clear()
    this.#sqlite.close()
  }

  #flush(): void {
    const batch = this.#waiting
    this.#waiting = []
    if (batch.length === 0) return
    try {
      this.#guard(() => this.#sqlite.exec('begin immediate'))
      const settled = batch.map((pending) => this.#attempt(pending))
      this.#guard(() => this.#sqlite.exec('commit'))
      for (const settle of settled) settle()
    } catch (error) {
      if (this.#sqlite.isOpen && this.#sqlite.isTransaction) this.#sqlite.exec('rollback')
      for (const { reject } of batch) reject(error)
    }
  }

  /** One write of a batch. Its failure undoes itself alone; what it came to is told after the commit. */
  #attempt({ work, resolve, reject }: PendingWrite): () => void {
    this.#sqlite.exec('savepoint one')
    try {
      const value = work()
      this.#sqlite.exec('release one')
      return () => resolve(value)
    } catch (error) {
      // A full disk may have ended the whole transaction already.
      if (!this.#sqlite.isTransaction) throw error
      this.#sqlite.exec('rollback to one; release one')
      return () => reject(error)
    }
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    // Queries with lists of varying length would otherwise be kept for ever.
    if (this.#statements.size >= 200) this.#statements.clear()
    const statement = this.#sqlite.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #pragma(name: string): number {
    const row = this.#guard(() => this.#sqlite.prepare(`pragma ${name}`).get())
    return Number(Object.values(row ?? {})[0])
  }

  #guard<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      throw databaseError(this.#file, error)
    }
  }
}

/** What a failure of SQLite means, by its primary result code. */
export function databaseError(file: string, cause: unknown): ErrandError {
  if (cause instanceof ErrandError) return cause
  const code = sqliteCode(cause) & 0xff
  if (code === 13)
    return new ErrandError('exhausted', `no space left for the record ${file}`, { cause })
  if (code === 8 || code === 14) {
    return new ErrandError('denied', `cannot write the record ${file}: ${sentenceOf(cause)}`, {
      cause,
    })
  }
  if (code === 5)
    return new ErrandError('conflict', `the record ${file} is in use by another program`, { cause })
  if (code === 11 || code === 26) return damaged(file, sentenceOf(cause), { cause })
  return new ErrandError('internal', `the record ${file}: ${sentenceOf(cause)}`, { cause })
}

/** A file that is no longer to be trusted. */
export class DamagedRecord extends ErrandError {}

/** The sentence for it. */
export function damaged(file: string, evidence: string, options?: ErrorOptions): DamagedRecord {
  return new DamagedRecord(
    'conflict',
    `the record ${file} is damaged (${evidence}): errand controller repair saves what can be read of it and moves it aside, or put a copy back`,
    options,
  )
}

function sqliteCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : 0
}
