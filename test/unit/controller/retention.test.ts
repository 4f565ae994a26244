import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { Retention } from '../../../controller/retention.ts'
import { openSqliteStore } from '../../../controller/store/sqlite.ts'
import type { JobRow, RunRow, Store } from '../../../controller/store/store.ts'
import { allOf } from '../../support/all-of.ts'
import { requestOf } from '../../support/run-here.ts'

const forever = new AbortController().signal
const day = 86_400_000
const now = 1000 * day

test('tick() forgets runs past their age and number, with their events and jobs', async (t) => {
  const { store, retention } = open(t, { keepMs: 90 * day, keepRuns: 3 })
  await put(store, 'r1', { endedAtMs: now - 91 * day })
  for (const n of [2, 3, 4, 5]) await put(store, `r${n}`, { endedAtMs: now - (10 - n) * day })
  await store.jobs.create(job('j1', 'r1'))
  await store.jobs.report('j1', ended('j1'), 1)
  await retention.tick(forever)
  assert.deepEqual(await names(store), ['r5', 'r4', 'r3'])
  assert.deepEqual(await allOf(store.runs.events('r1', 0)), [])
  assert.equal(await store.jobs.find('j1'), undefined)
})

test('tick() never forgets a run that goes on, or whose job does', async (t) => {
  const { store, retention } = open(t, { keepMs: day, keepRuns: 1 })
  await put(store, 'r1', { state: 'running' })
  await put(store, 'r2', { endedAtMs: 1 })
  await store.jobs.create({ ...job('j2', 'r2'), isAsync: false })
  await put(store, 'r3', { endedAtMs: 1 })
  await put(store, 'r4', { endedAtMs: now })
  await retention.tick(forever)
  assert.deepEqual(await names(store), ['r4', 'r2', 'r1'])
  await store.jobs.report('j2', ended('j2'), 1)
  await allOf(retention.prune({}, forever))
  assert.deepEqual(await names(store), ['r4', 'r1'])
})

test('tick() looks only now and then', async (t) => {
  const { store, retention, clock } = open(t, { keepMs: day, keepRuns: 10 })
  await retention.tick(forever)
  await put(store, 'r1', { endedAtMs: 1 })
  await retention.tick(forever)
  assert.deepEqual(await names(store), ['r1'])
  clock.ms += 3_600_000
  await retention.tick(forever)
  assert.deepEqual(await names(store), [])
})

test('tick() forgets old ended jobs of no run', async (t) => {
  const { store, retention } = open(t, { keepMs: day, keepRuns: 10 })
  for (const id of ['j1', 'j2']) await store.jobs.create({ ...job(id, ''), createdAtMs: 1 })
  await store.jobs.report('j1', ended('j1'), 1)
  await retention.tick(forever)
  assert.deepEqual(
    (await store.jobs.list({})).map(({ jobId }) => jobId),
    ['j2'],
  )
})

for (const [what, limits, left] of [
  ['age alone', { olderThanMs: 5 * day }, ['r3', 'r2']],
  ['number alone', { keep: 1 }, ['r3']],
  ['nothing, as configured', {}, ['r3', 'r2', 'r1']],
] as const) {
  test(`prune() goes by ${what}`, async (t) => {
    const { store, retention } = open(t, { keepMs: 90 * day, keepRuns: 100 })
    await put(store, 'r1', { endedAtMs: now - 6 * day })
    await put(store, 'r2', { endedAtMs: now - 4 * day })
    await put(store, 'r3', { endedAtMs: now })
    const would = (await retention.past(limits)).map(({ runId }) => runId)
    assert.equal((await names(store)).length, 3)
    const gone = (await allOf(retention.prune(limits, forever))).map(({ runId }) => runId)
    assert.deepEqual(gone, would)
    assert.deepEqual(await names(store), left)
  })
}

test('giveBack() makes the file smaller by what was forgotten', async (t) => {
  const { store, retention, file } = open(t, { keepMs: day, keepRuns: 10 })
  await put(store, 'r1', { endedAtMs: 1 })
  const text = 'x'.repeat(100_000)
  for (let n = 0; n < 100; n++) {
    await store.runs.append('r1', { atMs: 1, body: { kind: 'text', text } })
  }
  await store.retention.giveBack({ signal: forever })
  const before = statSync(file).size
  assert.ok(before > 9_000_000)
  await allOf(retention.prune({}, forever))
  assert.ok((await store.retention.giveBack({ signal: forever })) > 9_000_000)
  assert.ok(statSync(file).size < 1_000_000)
})

function open(t: TestContext, keep: { readonly keepMs: number; readonly keepRuns: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'errand-retention-'))
  const file = join(folder, 'errand.db')
  const store = openSqliteStore(file)
  t.after(async () => {
    await store[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })
  const clock = { ms: now, nowMs: () => clock.ms }
  const retention = new Retention({ store, keep, clock, log: pino({ level: 'silent' }) })
  return { store, retention, clock, file }
}

async function put(store: Store, runId: string, row: Partial<RunRow>): Promise<void> {
  await store.runs.create({
    runId,
    request: requestOf({}),
    state: 'ended',
    startedAtMs: Number(runId.slice(1)),
    endedAtMs: undefined,
    exitCode: 0,
    ...row,
  })
  await store.runs.append(runId, { atMs: 1, body: { kind: 'no_hosts_left' } })
}

async function names(store: Store): Promise<readonly string[]> {
  return (await store.runs.list({ limit: 100 })).map(({ runId }) => runId)
}

function job(jobId: string, runId: string): JobRow {
  return {
    jobId,
    host: 'web1',
    agentId: 'a1',
    runId,
    taskId: 't1',
    name: 'n',
    isAsync: true,
    createdAtMs: 1,
    report: undefined,
    lastSeenMs: undefined,
    isForgotten: false,
  }
}

function ended(jobId: string) {
  const nothing = { keptBytes: 0, droppedBytes: 0 }
  const state = { kind: 'succeeded', startedAtMs: 1, endedAtMs: 2 } as const
  return { jobId, name: 'n', state, stdout: nothing, stderr: nothing, containment: 'none' } as const
}
