import { chmodSync, closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { ErrandError } from '../../proto/errors.ts'
import { damaged, Database, databaseError } from './database.ts'
import { migrations } from './migrations.ts'

/** Marks a SQLite file as ours: `errd`. */
const applicationId = 0x65727264

export interface OpenOptions {
  /** Told in a sentence what was put right on the way. Default: nobody is told. */
  readonly onRepair?: (sentence: string) => void
}

/**
 * Opens the file, making it (readable by its owner only) when there is none, checks it, and brings it to the newest
 * version.
 *
 * @throws {ErrandError} when it is damaged, made by a newer errand, or no record of errand at all.
 */
export function openDatabase(file: string, { onRepair = () => {} }: OpenOptions = {}): Database {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
  const sqlite = new DatabaseSync(file, { timeout: 5000 })
  try {
    check(sqlite, file)
    configure(sqlite)
    migrate(sqlite, migrations.length)
    const orphans = removeOrphans(sqlite)
    if (orphans > 0) onRepair(`${orphans} rows that belonged to no run were removed`)
  } catch (error) {
    sqlite.close()
    throw databaseError(file, error)
  }
  return new Database(file, sqlite)
}

/**
 * `synchronous = full`: a job's id must survive a power cut before the job is sent, else an adopted run would start
 * it again. Writes share their waits for the disk (see Database), which pays for it.
 */
function configure(sqlite: DatabaseSync): void {
  makeRoomReturnable(sqlite)
  sqlite.exec('pragma journal_mode = wal')
  sqlite.exec('pragma synchronous = full')
  sqlite.exec('pragma foreign_keys = on')
  // What a run came to on the way is not to be found in the file when it has ended.
  sqlite.exec('pragma secure_delete = on')
}

/** Lets a file get smaller again when runs are forgotten; one that was made otherwise is written anew, once. */
function makeRoomReturnable(sqlite: DatabaseSync): void {
  if (pragma(sqlite, 'auto_vacuum') === incremental) return
  sqlite.exec('pragma auto_vacuum = incremental')
  if (isEmpty(sqlite)) return
  try {
    sqlite.exec('vacuum')
  } catch {
    // It needs as much free space again as the file takes. The next start tries again.
  }
}

const incremental = 2

function check(sqlite: DatabaseSync, file: string): void {
  const found = pragma(sqlite, 'quick_check(1)')
  if (found !== 'ok') throw damaged(file, String(found).split('\n').at(-1) ?? '')
  const version = Number(pragma(sqlite, 'user_version'))
  if (version > migrations.length) {
    throw new ErrandError(
      'unsupported',
      `the record ${file} has version ${version} and this errand knows up to ${migrations.length}: use the newer errand`,
    )
  }
  if (version === 0 ? isEmpty(sqlite) : pragma(sqlite, 'application_id') === applicationId) return
  throw new ErrandError('conflict', `${file} is not a record of errand: move it aside`)
}

/** Brings a database from the version that it has to a later one. */
export function migrate(sqlite: DatabaseSync, target: number): void {
  const version = Number(pragma(sqlite, 'user_version'))
  migrations.slice(version, target).forEach((step, index) => {
    sqlite.exec('begin immediate')
    sqlite.exec(step)
    sqlite.exec(`pragma application_id = ${applicationId}`)
    sqlite.exec(`pragma user_version = ${version + index + 1}`)
    sqlite.exec('commit')
  })
}

/** What belongs to a run that is not there: nobody can ask for it. How many rows that was. */
export function removeOrphans(sqlite: DatabaseSync): number {
  const orphans = sqlite.prepare('pragma foreign_key_check').all()
  const tables = new Set(orphans.map(({ table }) => String(table)))
  for (const table of tables) {
    sqlite.exec(`delete from "${table}" where run_id not in (select run_id from runs)`)
  }
  return orphans.length
}

function isEmpty(sqlite: DatabaseSync): boolean {
  return sqlite.prepare('select name from sqlite_schema limit 1').get() === undefined
}

/** The first word of what a pragma answers. */
export function pragma(sqlite: DatabaseSync, name: string): unknown {
  return Object.values(sqlite.prepare(`pragma ${name}`).get() ?? {})[0]
}
