import { existsSync, renameSync, rmSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { sentenceOf } from '../../proto/errors.ts'
import { DamagedRecord, databaseError } from './database.ts'
import { migrations } from './migrations.ts'
import { migrate, openDatabase, pragma, removeOrphans } from './open-database.ts'

/** What became of a record that was to be repaired. */
export type Repair =
  | { readonly kind: 'whole' }
  | { readonly kind: 'indexes' }
  | {
      readonly kind: 'saved'
      /** Where the damaged file is now. */
      readonly aside: string
      /** Rows that could be read, by table. */
      readonly saved: Readonly<Record<string, number>>
      /** What kept a table from being read whole, by table. */
      readonly lost: Readonly<Record<string, string>>
    }

/**
 * Looks through the whole file, more thoroughly than at each start. Damaged indexes are made anew in place; of a damaged
 * file all rows that can be read are written to a new one, which takes its place, and the old one is kept beside it.
 *
 * @throws {ErrandError} when there is nothing to repair here: no record of errand, a newer one, or one in use.
 */
export async function repairDatabase(
  file: string,
  { nowMs }: { readonly nowMs: number },
): Promise<Repair> {
  try {
    await openDatabase(file)[Symbol.asyncDispose]()
    return checkIndexes(file)
  } catch (error) {
    if (!(error instanceof DamagedRecord)) throw error
  }
  const fresh = `${file}.saved`
  const aside = `${file}.damaged-${nowMs}`
  rmSync(fresh, { force: true })
  const rows = saveRows(file, fresh)
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
  }
  renameSync(fresh, file)
  await openDatabase(file)[Symbol.asyncDispose]()
  return { kind: 'saved', aside, ...rows }
}

/** What the check at each start leaves out, since it reads everything twice. */
function checkIndexes(file: string): Repair {
  const sqlite = new DatabaseSync(file)
  try {
    if (pragma(sqlite, 'integrity_check(1)') === 'ok') return { kind: 'whole' }
    sqlite.exec('reindex')
    const found = pragma(sqlite, 'integrity_check(1)')
    if (found === 'ok') return { kind: 'indexes' }
    throw new DamagedRecord('conflict', String(found))
  } catch (error) {
    throw databaseError(file, error)
  } finally {
    sqlite.close()
  }
}

interface SavedRows {
  readonly saved: Readonly<Record<string, number>>
  readonly lost: Readonly<Record<string, string>>
}

function saveRows(file: string, fresh: string): SavedRows {
  const to = new DatabaseSync(fresh, { enableForeignKeyConstraints: false })
  const from = openDamaged(file)
  try {
    migrate(to, from?.version ?? migrations.length)
    const saved: Record<string, number> = {}
    const lost: Record<string, string> = {}
    for (const table of tablesOf(to)) {
      const { rows, evidence } = from
        ? copyTable(table, { from: from.sqlite, to })
        : { rows: 0, evidence: 'nothing of the file can be read' }
      saved[table] = rows
      if (evidence !== undefined) lost[table] = evidence
    }
    removeOrphans(to)
    return { saved, lost }
  } finally {
    from?.sqlite.close()
    to.close()
  }
}

/** Undefined when not even the first page says what it is. */
function openDamaged(
  file: string,
): { readonly sqlite: DatabaseSync; readonly version: number } | undefined {
  const sqlite = new DatabaseSync(file, { readOnly: true })
  try {
    const version = Number(pragma(sqlite, 'user_version'))
    if (version > 0 && version <= migrations.length) return { sqlite, version }
  } catch {
    // No database any more.
  }
  sqlite.close()
  return undefined
}

function tablesOf(sqlite: DatabaseSync): readonly string[] {
  const tables = sqlite.prepare(`select name from sqlite_schema where type = 'table'`).all()
  return tables.map(({ name }) => String(name)).filter((name) => !name.startsWith('sqlite_'))
}

/** From the first row on as far as it goes, then from the last one back to where the damage is. */
function copyTable(
  table: string,
  { from, to }: { readonly from: DatabaseSync; readonly to: DatabaseSync },
): { readonly rows: number; readonly evidence: string | undefined } {
  const key = keyOf(table, to)
  let evidence: string | undefined
  to.exec('begin')
  for (const order of ['asc', 'desc']) {
    try {
      const by = key.map((column) => `${column} ${order}`).join(', ')
      const rows = from.prepare(`select * from "${table}" not indexed order by ${by}`).iterate()
      for (const row of rows) insert(to, table, row)
      if (order === 'asc') break
    } catch (error) {
      evidence ??= sentenceOf(error)
    }
  }
  to.exec('commit')
  const count = to.prepare(`select count(*) as rows from "${table}"`).get()
  return { rows: Number(count?.['rows']), evidence }
}

/** How the table itself is ordered on the disk: reading in that order needs no index and no sorting. */
function keyOf(table: string, sqlite: DatabaseSync): readonly string[] {
  const sql = String(
    sqlite.prepare('select sql from sqlite_schema where name = ?').get(table)?.['sql'],
  )
  if (!/without rowid/u.test(sql)) return ['rowid']
  const columns = sqlite.prepare(`pragma table_info("${table}")`).all()
  return columns
    .filter(({ pk }) => Number(pk) > 0)
    .toSorted((a, b) => Number(a['pk']) - Number(b['pk']))
    .map(({ name }) => String(name))
}

function insert(
  to: DatabaseSync,
  table: string,
  row: Readonly<Record<string, SQLInputValue>>,
): void {
  const columns = Object.keys(row)
  const places = columns.map(() => '?').join(', ')
  const names = columns.map((name) => `"${name}"`).join(', ')
  to.prepare(`insert or ignore into "${table}" (${names}) values (${places})`).run(
    ...Object.values(row),
  )
}
