import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { repairDatabase } from '../../../../controller/store/repair-database.ts'
import { openSqliteStore } from '../../../../controller/store/sqlite.ts'
import type { RunRow } from '../../../../controller/store/store.ts'
import { allOf } from '../../../support/all-of.ts'
import { requestOf } from '../../../support/run-here.ts'

const runs = 40
const eventsEach = 50

test('repairDatabase() finds a whole record whole and changes nothing', async (t) => {
  const file = await filledRecord(t)
  const before = readFileSync(file)
  assert.deepEqual(await repairDatabase(file, { nowMs: 1 }), { kind: 'whole' })
  assert.deepEqual(readFileSync(file), before)
})

test('repairDatabase() makes indexes anew that do not fit their table', async (t) => {
  const file = await filledRecord(t)
  const sqlite = new DatabaseSync(file, { defensive: false })
  // The index is told to be of another table's column: what it holds is then wrong.
  sqlite.exec('pragma writable_schema = on')
  sqlite.exec(
    `update sqlite_schema set sql = 'CREATE INDEX runs_by_time on runs (ended_at_ms)' where name = 'runs_by_time'`,
  )
  sqlite.close()
  assert.deepEqual(await repairDatabase(file, { nowMs: 1 }), { kind: 'indexes' })
  await using store = openSqliteStore(file)
  assert.equal((await store.runs.list({ limit: 1000 })).length, runs)
})

test('repairDatabase() saves what can be read of a damaged record and keeps the damaged one', async (t) => {
  const file = await filledRecord(t)
  const bytes = readFileSync(file)
  const middle = Math.floor(bytes.length / 2 / 4096) * 4096
  bytes.fill(0xff, middle, middle + 3 * 4096)
  writeFileSync(file, bytes)
  assert.throws(() => openSqliteStore(file), {
    code: 'conflict',
    message: /damaged.*errand controller repair/u,
  })
  const repair = await repairDatabase(file, { nowMs: 17 })
  assert.equal(repair.kind, 'saved')
  assert.equal(repair.aside, `${file}.damaged-17`)
  assert.deepEqual(readFileSync(repair.aside), bytes)
  await using store = openSqliteStore(file)
  const saved = await store.runs.list({ limit: 1000 })
  const events = await Promise.all(saved.map(({ runId }) => allOf(store.runs.events(runId, 0))))
  // Three pages of some hundred are gone; what is before and after them is there.
  assert.ok(saved.length > runs / 2, `${saved.length} runs`)
  assert.ok(events.flat().length > (runs * eventsEach) / 2, `${events.flat().length} events`)
})

test('repairDatabase() begins anew when nothing can be read, and keeps the old file', async (t) => {
  const file = join(temporaryFolder(t), 'errand.db')
  const text = 'this is no database'.repeat(500)
  writeFileSync(file, text)
  const repair = await repairDatabase(file, { nowMs: 17 })
  assert.ok(repair.kind === 'saved' && repair.saved['runs'] === 0)
  assert.equal(readFileSync(repair.aside, 'utf8'), text)
  await openSqliteStore(file)[Symbol.asyncDispose]()
})

test('repairDatabase() leaves a record of a newer version alone', async (t) => {
  const file = await filledRecord(t)
  const sqlite = new DatabaseSync(file)
  sqlite.exec('pragma user_version = 999')
  sqlite.close()
  await assert.rejects(repairDatabase(file, { nowMs: 1 }), { code: 'unsupported' })
})

test('openSqliteStore() removes what belongs to no run, and says so', async (t) => {
  const file = await filledRecord(t)
  const sqlite = new DatabaseSync(file, { enableForeignKeyConstraints: false })
  sqlite.exec(`delete from runs where run_id = 'r7'`)
  sqlite.close()
  const said: string[] = []
  await openSqliteStore(file, { onRepair: (text) => said.push(text) })[Symbol.asyncDispose]()
  assert.deepEqual(said, [`${eventsEach} rows that belonged to no run were removed`])
  await openSqliteStore(file, { onRepair: (text) => said.push(text) })[Symbol.asyncDispose]()
  assert.equal(said.length, 1)
})

async function filledRecord(t: TestContext): Promise<string> {
  const file = join(temporaryFolder(t), 'errand.db')
  await using store = openSqliteStore(file)
  for (let n = 0; n < runs; n++) {
    const run: RunRow = {
      runId: `r${n}`,
      request: requestOf({ title: 'site.yml' }),
      state: 'ended',
      startedAtMs: n,
      endedAtMs: n + 1,
      exitCode: 0,
    }
    await store.runs.create(run)
    const text = `${n} `.repeat(100)
    await Promise.all(
      Array.from({ length: eventsEach }, () =>
        store.runs.append(run.runId, { atMs: n, body: { kind: 'text', text } }),
      ),
    )
  }
  return file
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'errand-repair-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}
