import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { findRun } from '../../../../controller/api/find-run.ts'
import { openSqliteStore } from '../../../../controller/store/sqlite.ts'
import type { Store } from '../../../../controller/store/store.ts'
import { requestOf } from '../../../support/run-here.ts'

const ids = ['r100-aa', 'r100-ab', 'r100-b', 'r200-a', 'r2', 'r%']

for (const [named, found] of [
  ['r100-aa', 'r100-aa'],
  ['r100-b', 'r100-b'],
  ['r2', 'r2'],
  ['r200', 'r200-a'],
  ['last', 'r%'],
] as const) {
  test(`findRun() takes ${named} for ${found}`, async (t) => {
    assert.equal((await findRun(await storeWith(t, ids), named)).runId, found)
  })
}

for (const [named, code, message] of [
  ['r100', 'invalid', /several runs begin with r100: r100-b, r100-ab, r100-aa; say more/u],
  ['r', 'invalid', /several runs begin with r: r%, r2, r200-a, …; say more/u],
  ['r3', 'not_found', /no run r3; errand runs lists them/u],
  ['', 'not_found', /no run/u],
  ['R2', 'not_found', /no run R2/u],
] as const) {
  test(`findRun() refuses ${JSON.stringify(named)}`, async (t) => {
    await assert.rejects(findRun(await storeWith(t, ids), named), { code, message })
  })
}

test('findRun() of the last when there is none', async (t) => {
  await assert.rejects(findRun(await storeWith(t, []), 'last'), { message: 'no run yet' })
})

async function storeWith(t: TestContext, runIds: readonly string[]): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'errand-find-'))
  const store = openSqliteStore(join(folder, 'errand.db'))
  t.after(async () => {
    await store[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })
  for (const [index, runId] of runIds.entries()) {
    const times = { startedAtMs: index, endedAtMs: undefined, exitCode: undefined }
    await store.runs.create({ runId, request: requestOf({}), state: 'running', ...times })
  }
  return store
}
