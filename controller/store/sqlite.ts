import { SqliteHostStore } from './host-store.ts'
import { SqliteJobStore } from './job-store.ts'
import { openDatabase, type OpenOptions } from './open-database.ts'
import { SqliteRetentionStore } from './retention-store.ts'
import { SqliteRunStore } from './run-store.ts'
import type { Store } from './store.ts'

/**
 * The record in one SQLite file; the caller closes it.
 *
 * @throws {ErrandError} with one sentence when the file cannot be used: damaged, newer, not ours, not writable.
 */
export function openSqliteStore(file: string, options: OpenOptions = {}): Store {
  const database = openDatabase(file, options)
  return {
    runs: new SqliteRunStore(database),
    jobs: new SqliteJobStore(database),
    hosts: new SqliteHostStore(database),
    retention: new SqliteRetentionStore(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
