import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { migrations } from '../../../../controller/store/migrations.ts'
import { openSqliteStore } from '../../../../controller/store/sqlite.ts'
import { allOf } from '../../../support/all-of.ts'

const compat = join(import.meta.dirname, '../../../fixtures/compat')
const versions = migrations.map((_, index) => index + 1)

for (const version of versions) {
  const sample = join(compat, `store-v${version}.sql`)
  const isNewest = version === migrations.length
  const skip = isNewest && !existsSync(sample) && 'the newest version needs none yet'

  test(`openSqliteStore() opens a record of version ${version}`, { skip }, async (t) => {
    const file = fileFrom(t, sample)
    {
      await using store = openSqliteStore(file)
      const run = await store.runs.find('r1')
      assert.deepEqual([run?.request.title, run?.state, run?.exitCode], ['site.yml', 'ended', 0])
      const [event] = await allOf(store.runs.events('r1', 0))
      assert.equal(event?.body.kind, 'run_started')
      const job = await store.jobs.find('j1700000000000.123456789012')
      assert.equal(job?.report?.state.kind, 'succeeded')
      assert.deepEqual(job?.report?.inlineOutput?.stdout, new Uint8Array([104, 105]))
      assert.equal((await store.hosts.list())[0]?.name, 'web1')
    }
    assert.deepEqual(schemaOf(file), schemaOf(await newFile(t)))
    const opened = new DatabaseSync(file)
    t.after(() => opened.close())
    assert.deepEqual(opened.prepare('pragma integrity_check').all().map(Object.values), [['ok']])
    assert.deepEqual(opened.prepare('pragma foreign_key_check').all(), [])
  })
}

/** A file with the sample in it. */
function fileFrom(t: TestContext, sample: string): string {
  assert.ok(
    existsSync(sample),
    `${sample} is missing: node test/fixtures/compat/make-store-sample.ts makes it`,
  )
  const file = join(temporaryFolder(t), 'errand.db')
  const old = new DatabaseSync(file)
  old.exec(readFileSync(sample, 'utf8'))
  old.close()
  return file
}

async function newFile(t: TestContext): Promise<string> {
  const file = join(temporaryFolder(t), 'errand.db')
  await openSqliteStore(file)[Symbol.asyncDispose]()
  return file
}

/** Tables, columns and indexes, however they came to be: a released step that is changed shows here. */
function schemaOf(file: string): unknown {
  const sqlite = new DatabaseSync(file)
  const parts = sqlite
    .prepare(`select type, name from sqlite_schema where name not like 'sqlite_%' order by name`)
    .all()
  const schema = parts.map(({ type, name }) => {
    const about = type === 'table' ? 'table_xinfo' : 'index_xinfo'
    return { type, name, columns: sqlite.prepare(`pragma ${about}("${String(name)}")`).all() }
  })
  sqlite.close()
  return schema
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'errand-compat-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}
