import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openSqliteStore } from '../../../../controller/store/sqlite.ts'
import type { HostRow, JobRow, RunRow } from '../../../../controller/store/store.ts'
import type { JobReport, JobState } from '../../../../proto/job.ts'
import type { RunEvent } from '../../../../proto/run.ts'
import { Float, newMap } from '../../../../proto/value.ts'

test('openSqliteStore() makes a file that only its owner can read', async (t) => {
  const file = join(temporaryFolder(t), 'errand.db')
  await using _store = openSqliteStore(file)
  assert.equal(statSync(file).mode & 0o777, 0o600)
})

test('openSqliteStore() refuses a file of a newer version', async (t) => {
  const file = join(temporaryFolder(t), 'errand.db')
  await openSqliteStore(file)[Symbol.asyncDispose]()
  const newer = new DatabaseSync(file)
  newer.exec('pragma user_version = 999')
  newer.close()
  assert.throws(() => openSqliteStore(file), {
    code: 'unsupported',
    message: /version 999.*newer errand/u,
  })
})

test('openSqliteStore() refuses a damaged file and leaves it as it is', async (t) => {
  const file = join(temporaryFolder(t), 'errand.db')
  await using store = openSqliteStore(file)
  for (let n = 0; n < 50; n++) await store.runs.create(run(`r${n}`))
  await store[Symbol.asyncDispose]()
  const bytes = readFileSync(file)
  bytes.fill(0xff, 8192, 20_000)
  writeFileSync(file, bytes)
  assert.throws(() => openSqliteStore(file), { code: 'conflict', message: /damaged/u })
  assert.deepEqual(readFileSync(file), bytes)
})

for (const [what, content] of [
  ['text', 'not a database at all, but long enough to be read as a header of one'.repeat(20)],
  ['another program’s database', undefined],
] as const) {
  test(`openSqliteStore() refuses ${what}`, (t) => {
    const file = join(temporaryFolder(t), 'errand.db')
    if (content === undefined) {
      const other = new DatabaseSync(file)
      other.exec('create table theirs (a)')
      other.close()
    } else writeFileSync(file, content)
    assert.throws(() => openSqliteStore(file), { code: 'conflict' })
  })
}

test('append() numbers the events of each run from 1 without gaps, also when asked at once', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  await store.runs.create(run('r1'))
  await store.runs.create(run('r2'))
  const appended = await Promise.all(
    Array.from({ length: 1200 }, (_, n) =>
      store.runs.append(n % 2 === 0 ? 'r1' : 'r2', { atMs: n, body: { kind: 'no_hosts_left' } }),
    ),
  )
  assert.deepEqual(
    appended.filter((_, n) => n % 2 === 0).map(({ seq }) => seq),
    Array.from({ length: 600 }, (_, n) => n + 1),
  )
  assert.equal((await events(store.runs.events('r1', 0))).length, 600)
  assert.deepEqual(
    (await events(store.runs.events('r2', 597))).map(({ seq }) => seq),
    [598, 599, 600],
  )
})

test('append() keeps floats and big integers of results', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  await store.runs.create(run('r1'))
  const custom = newMap([
    ['f', new Float(2)],
    ['i', 12_345_678_901_234_567_890n],
  ])
  await store.runs.append('r1', { atMs: 1, body: { kind: 'stats', stats: {}, custom } })
  const [event] = await events(store.runs.events('r1', 0))
  assert.ok(event?.body.kind === 'stats')
  assert.deepEqual(event.body.custom, custom)
})

test('append() to a run that is not there fails alone', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  await store.runs.create(run('r1'))
  const [good, bad, alsoGood] = await Promise.allSettled([
    store.runs.append('r1', { atMs: 1, body: { kind: 'no_hosts_left' } }),
    store.runs.append('nobody', { atMs: 1, body: { kind: 'no_hosts_left' } }),
    store.runs.append('r1', { atMs: 1, body: { kind: 'no_hosts_left' } }),
  ])
  assert.equal(good?.status, 'fulfilled')
  assert.equal(bad?.status, 'rejected')
  assert.equal(alsoGood?.status === 'fulfilled' && alsoGood.value.seq, 2)
})

test('create() of a job repeated for the same id changes nothing', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  await store.jobs.create(job('j1'))
  await store.jobs.report('j1', report('j1', ended), 5)
  await store.jobs.create(job('j1'))
  assert.equal((await store.jobs.find('j1'))?.report?.state.kind, 'succeeded')
})

test('report() never replaces a final report', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  await store.jobs.create(job('j1'))
  await store.jobs.report('j1', report('j1', running), 5)
  await store.jobs.report('j1', report('j1', ended), 6)
  await store.jobs.report('j1', report('j1', running), 7)
  await store.jobs.report('j1', report('j1', { ...ended, kind: 'cancelled' }), 8)
  const found = await store.jobs.find('j1')
  assert.equal(found?.report?.state.kind, 'succeeded')
  assert.equal(found?.lastSeenMs, 6)
})

test('deliver() sends a job that waits once, and none that has ended meanwhile', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  const sending = { ...job('j1'), agentId: 'a9', position: 'p', report: undefined }
  await store.jobs.create({ ...job('j1'), agentId: '', report: undefined, expiresAtMs: 50 })
  assert.equal((await store.jobs.find('j1'))?.expiresAtMs, 50)
  assert.equal((await store.jobs.list({ states: ['waiting'] })).length, 1)
  assert.equal(await store.jobs.deliver(sending), true)
  const sent = await store.jobs.find('j1')
  assert.deepEqual([sent?.agentId, sent?.position, sent?.expiresAtMs], ['a9', 'p', undefined])
  assert.equal(await store.jobs.deliver(sending), false)
  await store.jobs.create({ ...job('j2'), report: undefined, expiresAtMs: 50 })
  const expired = report('j2', { kind: 'expired', startedAtMs: 1, endedAtMs: 50 })
  assert.equal((await store.jobs.report('j2', expired, 51)).state.kind, 'expired')
  assert.equal(await store.jobs.deliver({ ...sending, jobId: 'j2' }), false)
  const late = await store.jobs.report('j2', report('j2', { ...ended, kind: 'cancelled' }), 52)
  assert.equal(late.state.kind, 'expired')
})

test('applyEvent() counts each number once', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  await store.hosts.save(host('web1', 'a1'))
  await store.jobs.create(job('j1'))
  await store.jobs.create(job('j2'))
  await store.jobs.applyEvent('a1', { seq: 2, atMs: 1, report: report('j1', ended) }, 9)
  await store.jobs.applyEvent('a1', { seq: 2, atMs: 1, report: report('j2', ended) }, 10)
  await store.jobs.applyEvent('a1', { seq: 1, atMs: 1, report: report('j2', ended) }, 11)
  assert.equal((await store.jobs.find('j1'))?.report?.state.kind, 'succeeded')
  assert.equal((await store.jobs.find('j2'))?.report, undefined)
  assert.equal((await store.hosts.find('web1'))?.lastSeq, 2)
  await store.jobs.applyEvent('a1', { seq: 3, atMs: 1, report: report('j2', ended) }, 12)
  assert.equal((await store.jobs.find('j2'))?.report?.state.kind, 'succeeded')
})

test('applyEvent() takes up a job that the record does not know', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  await store.hosts.save(host('web1', 'a1'))
  await store.jobs.applyEvent('a1', { seq: 1, atMs: 1, report: report('j9', running) }, 9)
  const found = await store.jobs.find('j9')
  assert.equal(found?.host, 'web1')
  assert.equal(found?.report?.state.kind, 'running')
})

test('list() finds jobs by each part of the query', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  const labels = { app: 'shop', 'it\'s "odd"': '' }
  const one = { ...job('j1'), name: 'Deploy 100%', labels, createdAtMs: 100, hasOutput: true }
  await store.jobs.create({ ...one, runId: 'r1', isAsync: true })
  await store.jobs.create({ ...job('j2'), runId: 'r2', host: 'db1', name: 'Monitor' })
  await store.jobs.report('j2', report('j2', running), 1)
  await store.jobs.create({ ...job('j0'), runId: 'r0', createdAtMs: 10 })
  await store.jobs.report('j0', report('j0', ended), 50)
  const ids = async (query: Parameters<typeof store.jobs.list>[0]) =>
    (await store.jobs.list(query)).map(({ jobId }) => jobId)
  assert.deepEqual(await ids({}), ['j2', 'j1', 'j0'])
  assert.deepEqual(await ids({ limit: 1 }), ['j2'])
  assert.deepEqual(await ids({ jobIds: ['j1', 'j3'] }), ['j1'])
  assert.deepEqual(await ids({ hosts: ['db1'] }), ['j2'])
  assert.deepEqual(await ids({ runId: 'r1' }), ['j1'])
  assert.deepEqual(await ids({ states: ['running'] }), ['j2'])
  assert.deepEqual(await ids({ states: ['submitting'] }), ['j1'])
  assert.deepEqual(await ids({ task: 'Deploy*' }), ['j1'])
  assert.deepEqual(await ids({ task: 'Deploy' }), [])
  assert.deepEqual(await ids({ isAsync: true }), ['j1'])
  assert.deepEqual(await ids({ isListed: true }), ['j2', 'j1'])
  assert.deepEqual(await ids({ hasOutput: true }), ['j1'])
  assert.deepEqual(await ids({ labels: [{ name: 'app' }] }), ['j1'])
  assert.deepEqual(await ids({ labels: [{ name: 'app', text: 'shop' }] }), ['j1'])
  assert.deepEqual(await ids({ labels: [{ name: 'it\'s "odd"', text: '' }] }), ['j1'])
  assert.deepEqual(await ids({ labels: [{ name: 'app', text: 'other' }] }), [])
  assert.deepEqual(await ids({ sinceMs: 51 }), ['j2', 'j1'])
  assert.deepEqual(await ids({ sinceMs: 50 }), ['j2', 'j1', 'j0'])
  assert.deepEqual(await ids({ beforeMs: 100 }), ['j2', 'j0'])
  assert.deepEqual(await store.jobs.hostNames(), ['db1', 'web1'])
  assert.deepEqual(await store.jobs.openCounts(), new Map([['r1', 1]]))
})

test('list() keeps a job that has not ended, however many newer ones there are', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  await store.jobs.create(job('j0000'))
  const ids = Array.from({ length: 1005 }, (_, n) => `j${String(n + 1).padStart(4, '0')}`)
  await Promise.all(ids.map((id) => store.jobs.create(job(id))))
  await Promise.all(ids.map((id) => store.jobs.report(id, report(id, ended), 1)))
  const found = (await store.jobs.list({})).map(({ jobId }) => jobId)
  assert.equal(found.length, 1001)
  assert.deepEqual([found[0], found.at(-1)], ['j1005', 'j0000'])
  assert.equal((await store.jobs.list({ limit: 1000 })).length, 1000)
})

test('durations() are those of the last successes of the same task on the same host', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  const took = async (jobId: string, ms: number, more: Partial<JobRow> = {}) => {
    await store.jobs.create({ ...job(jobId), sameTask: 'backup', ...more })
    const state = { kind: 'succeeded', startedAtMs: 1000, endedAtMs: 1000 + ms } as const
    await store.jobs.report(jobId, report(jobId, state), 1)
  }
  await took('j1', 10)
  await took('j2', 20)
  await took('j3', 30)
  await took('j4', 40, { host: 'db1' })
  await took('j5', 50, { sameTask: 'other' })
  await took('j6', 60, { sameTask: '' })
  await store.jobs.create({ ...job('j7'), sameTask: 'backup' })
  const backup = { host: 'web1', sameTask: 'backup' }
  assert.deepEqual(await store.jobs.durations({ ...backup, limit: 2 }), [30, 20])
  assert.deepEqual(await store.jobs.durations({ ...backup, sameTask: '', limit: 2 }), [])
})

test('save() of a host replaces it by name, remove() forgets it', async (t) => {
  await using store = openSqliteStore(join(temporaryFolder(t), 'errand.db'))
  await store.hosts.save(host('web1', 'a1'))
  await store.hosts.save({ ...host('web1', 'a2'), lastSeq: 7 })
  await store.hosts.update('web1', { lastSeenMs: 42 })
  await store.hosts.update('web2', { lastSeenMs: 43 })
  assert.deepEqual(await store.hosts.list(), [
    { ...host('web1', 'a2'), lastSeq: 7, lastSeenMs: 42 },
  ])
  await store.hosts.remove('web1')
  assert.equal(await store.hosts.find('web1'), undefined)
})

test('what was answered is there after the store is opened again', async (t) => {
  const file = join(temporaryFolder(t), 'errand.db')
  const first = openSqliteStore(file)
  await first.runs.create(run('r1'))
  await first.runs.end('r1', { state: 'ended', endedAtMs: 9, exitCode: 2 })
  await first[Symbol.asyncDispose]()
  await using store = openSqliteStore(file)
  assert.deepEqual(await store.runs.find('r1'), {
    ...run('r1'),
    state: 'ended',
    endedAtMs: 9,
    exitCode: 2,
  })
  assert.deepEqual(await store.runs.list({ limit: 5, state: 'running' }), [])
})

const running: JobState = {
  kind: 'running',
  startedAtMs: 1,
  process: { pid: 2, startTicks: '3', bootId: 'b' },
}
const ended = { kind: 'succeeded', startedAtMs: 1, endedAtMs: 2 } as const

function report(jobId: string, state: JobState): JobReport {
  const nothing = { keptBytes: 0, droppedBytes: 0 }
  return { jobId, name: 'n', state, stdout: nothing, stderr: nothing, containment: 'session' }
}

function job(jobId: string): JobRow {
  return {
    jobId,
    host: 'web1',
    agentId: 'a1',
    runId: 'r1',
    taskId: 't1',
    name: 'n',
    isAsync: false,
    createdAtMs: 1,
    report: undefined,
    lastSeenMs: undefined,
    isForgotten: false,
  }
}

function host(name: string, agentId: string): HostRow {
  return {
    name,
    address: '10.0.0.1',
    agentPort: 7433,
    agentId,
    journalId: 'journal',
    lastSeq: 0,
    agentUser: 'root',
    isRoot: true,
    version: '0.1.0',
    containment: 'cgroup',
    bundleHash: 'h',
    installedAtMs: 1,
    lastSeenMs: undefined,
    way: '',
  }
}

function run(runId: string): RunRow {
  return {
    runId,
    request: {
      kind: 'playbook',
      title: 'site.yml',
      cwd: '/',
      playbooks: ['site.yml'],
      inventories: [],
      tags: [],
      skipTags: [],
      extraVars: [],
      check: false,
      diff: false,
      forks: 5,
      verbosity: 0,
      connection: { become: false, acceptNewHostKeys: false },
      forceHandlers: false,
      flushCache: false,
      noInstall: false,
      vaultPasswords: [],
      environment: {},
    },
    state: 'running',
    startedAtMs: 1,
    endedAtMs: undefined,
    exitCode: undefined,
  }
}

async function events(source: AsyncIterable<RunEvent>): Promise<readonly RunEvent[]> {
  const all: RunEvent[] = []
  for await (const event of source) all.push(event)
  return all
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'errand-store-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}
