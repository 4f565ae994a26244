import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { PrivateRequests } from '../../../controller/runs/private-requests.ts'
import type { CancelJob } from '../../../controller/runs/cancel-jobs.ts'
import { Interruption } from '../../../controller/runs/interruption.ts'
import { Runs, type ExecuteRun } from '../../../controller/runs.ts'
import { startMark } from '../../../controller/runs/starts.ts'
import { openSqliteStore } from '../../../controller/store/sqlite.ts'
import type { Store } from '../../../controller/store/store.ts'
import { ErrandError } from '../../../proto/errors.ts'
import { newRunId } from '../../../proto/run-id.ts'
import type { RunEvent, RunId, RunRequest } from '../../../proto/run.ts'
import { waitFor } from '../../support/wait-for.ts'

const forever = new AbortController().signal

async function startRun(runs: Runs, asked: RunRequest): Promise<RunId> {
  const runId = newRunId(Date.now())
  await runs.start(runId, asked)
  return runId
}

test('start() records the beginning, what the run says and the end', async (t) => {
  const { runs, store } = open(t, async (_request, { record }) => {
    await record.append({ kind: 'no_hosts_matched' })
    return 2
  })
  const runId = await startRun(runs, request())
  const kinds = (await all(runs.watch(runId, { afterSeq: 0, signal: forever }))).map(
    ({ body }) => body.kind,
  )
  assert.deepEqual(kinds, ['run_started', 'no_hosts_matched', 'run_ended'])
  assert.equal((await store.runs.find(runId))?.exitCode, 2)
})

test('start() keeps no secret in the record', async (t) => {
  const { runs, file, folder } = open(t, async () => 0)
  const secret = 'hunter2-secret'
  const runId = await startRun(runs, {
    ...request(),
    connection: {
      become: true,
      acceptNewHostKeys: false,
      becomePassword: secret,
      sshPassword: secret,
    },
    vaultPasswords: [{ id: 'default', password: secret }],
    environment: { HOME: '/home/me', ANSIBLE_FORKS: '9', AWS_SECRET_ACCESS_KEY: secret },
  })
  await all(runs.watch(runId, { afterSeq: 0, signal: forever }))
  for (const suffix of ['', '-wal']) assert.ok(!readFileSync(file + suffix).includes(secret))
  assert.deepEqual(readdirSync(join(folder, 'going-on')), [])
})

test('watch() gives every event once and in order, wherever it begins and however slow it is', async (t) => {
  const count = 2000
  const { runs } = open(t, async (_request, { record }) => {
    for (let n = 0; n < count; n++) await record.append({ kind: 'no_hosts_left' })
    return 0
  })
  const runId = await startRun(runs, request())
  const expected = Array.from({ length: count + 2 }, (_, n) => n + 1)
  const watchers = [0, 1, 500, count + 1].map(async (afterSeq, index) => {
    const seen: number[] = []
    for await (const { seq } of runs.watch(runId, { afterSeq, signal: forever })) {
      seen.push(seq)
      if (index === 0 && seq % 300 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    assert.deepEqual(seen, expected.slice(afterSeq))
  })
  await Promise.all(watchers)
  const late = await all(runs.watch(runId, { afterSeq: 0, signal: forever }))
  assert.deepEqual(
    late.map(({ seq }) => seq),
    expected,
  )
})

test('watch() is left when its signal aborts, and the run goes on', async (t) => {
  const gate = Promise.withResolvers<void>()
  const { runs, store } = open(t, async () => {
    await gate.promise
    return 0
  })
  const runId = await startRun(runs, request())
  const leave = new AbortController()
  const watching = all(runs.watch(runId, { afterSeq: 1, signal: leave.signal }))
  leave.abort(new ErrandError('cancelled', 'left'))
  await assert.rejects(watching, { message: 'left' })
  gate.resolve()
  await all(runs.watch(runId, { afterSeq: 0, signal: forever }))
  assert.equal((await store.runs.find(runId))?.exitCode, 0)
})

test('watch() of an unknown run is not_found', async (t) => {
  const { runs } = open(t, async () => 0)
  await assert.rejects(all(runs.watch('r0-x', { afterSeq: 0, signal: forever })), {
    code: 'not_found',
  })
})

test('stop() interrupts a run and names the jobs that go on', async (t) => {
  const started = Promise.withResolvers<void>()
  const { runs, store } = open(t, async (_request, { runId, signal }) => {
    await store.jobs.create({
      jobId: 'j1',
      host: 'web1',
      agentId: 'a1',
      runId,
      taskId: 't1',
      name: 'Monitor',
      isAsync: true,
      createdAtMs: 1,
      report: undefined,
      lastSeenMs: undefined,
      isForgotten: false,
    })
    started.resolve()
    return untilAborted(signal)
  })
  const runId = await startRun(runs, request())
  await started.promise
  await runs.stop(runId)
  const [, out, end] = await all(runs.watch(runId, { afterSeq: 0, signal: forever }))
  assert.equal(
    JSON.stringify(out?.body),
    '{"kind":"jobs_out","jobs":[{"jobId":"j1","host":"web1","task":"Monitor"}]}',
  )
  assert.ok(end?.body.kind === 'run_ended')
  assert.equal(end.body.exitCode, 99)
  assert.equal(end.body.error, 'User interrupted execution')
  assert.equal((await store.runs.find(runId))?.state, 'interrupted')
})

test('stop() with cancelJobs ends every open job and waits for the ends, then closes the run', async (t) => {
  const started = Promise.withResolvers<void>()
  const cancelled: string[] = []
  const { runs, store } = open(
    t,
    async (_request, { runId, signal }) => {
      for (const [jobId, isAsync] of [
        ['j1', true],
        ['j2', false],
        ['j3', true],
      ] as const) {
        await store.jobs.create({ ...openJob, jobId, runId, isAsync })
      }
      started.resolve()
      return untilAborted(signal)
    },
    async (jobId) => {
      cancelled.push(jobId)
      if (jobId === 'j3') throw new ErrandError('unreachable', 'silent')
      const state = { kind: 'cancelled', startedAtMs: 1, endedAtMs: 2 } as const
      const nothing = { keptBytes: 0, droppedBytes: 0 }
      const report = { jobId, name: 'n', state, stdout: nothing, stderr: nothing }
      await store.jobs.report(jobId, { ...report, containment: 'none' }, 3)
    },
  )
  const runId = await startRun(runs, request())
  await started.promise
  await runs.stop(runId, { cancelJobs: true })
  assert.deepEqual(cancelled, ['j1', 'j2', 'j3'])
  const bodies = (await all(runs.watch(runId, { afterSeq: 1, signal: forever }))).map(
    // Maps of the record have no prototype.
    ({ body }) => JSON.parse(JSON.stringify(body)) as unknown,
  )
  const job = (jobId: string) => ({ jobId, host: 'web1', task: 'Monitor' })
  assert.deepEqual(bodies, [
    {
      kind: 'jobs_cancelled',
      jobs: [
        { ...job('j1'), state: 'cancelled' },
        { ...job('j2'), state: 'cancelled' },
        { ...job('j3'), state: 'submitting' },
      ],
    },
    { kind: 'jobs_out', jobs: [job('j3')] },
    { kind: 'run_ended', exitCode: 99, error: 'User interrupted execution' },
  ])
})

test('stop() leaves the job that a task waits for as one of async', async (t) => {
  const started = Promise.withResolvers<void>()
  const { runs, store } = open(t, async (_request, { runId, signal }) => {
    await store.jobs.create({ ...openJob, runId, isAsync: false })
    started.resolve()
    return untilAborted(signal)
  })
  const runId = await startRun(runs, request())
  await started.promise
  await runs.stop(runId)
  assert.deepEqual(await store.jobs.openCounts(), new Map([[runId, 1]]))
  const [, out] = await all(runs.watch(runId, { afterSeq: 0, signal: forever }))
  assert.ok(out?.body.kind === 'jobs_out')
})

const running = {
  request: request(),
  state: 'running',
  startedAtMs: 1,
  endedAtMs: undefined,
  exitCode: undefined,
} as const

const openJob = {
  jobId: 'j1',
  host: 'web1',
  agentId: 'a1',
  taskId: 't1',
  name: 'Monitor',
  createdAtMs: 1,
  report: undefined,
  lastSeenMs: undefined,
  isForgotten: false,
}

for (const [what, error, exitCode, said] of [
  [
    'what is wrong in its files',
    new ErrandError('syntax', 'site.yml:1:1: no'),
    4,
    /site\.yml:1:1: no/u,
  ],
  ['a defect', new Error('secret detail'), 250, /secret detail/u],
] as const) {
  test(`a run that ends by ${what} has its exit code and says why`, async (t) => {
    const { runs } = open(t, () => Promise.reject(error))
    const runId = await startRun(runs, request())
    const last = (await all(runs.watch(runId, { afterSeq: 0, signal: forever }))).at(-1)?.body
    assert.ok(last?.kind === 'run_ended')
    assert.equal(last.exitCode, exitCode)
    assert.match(last.error ?? '', said)
  })
}

test('adopt() closes a run whose request is gone', async (t) => {
  const { runs, store } = open(t, async () => 0)
  await store.runs.create({ ...running, runId: 'r1' })
  await store.runs.append('r1', { atMs: 1, body: { kind: 'no_hosts_left' } })
  assert.deepEqual(await runs.adopt(), ['r1'])
  const events = await all(runs.watch('r1', { afterSeq: 0, signal: forever }))
  assert.deepEqual(
    events.map(({ body }) => body.kind),
    ['no_hosts_left', 'run_ended'],
  )
  assert.equal((await store.runs.find('r1'))?.state, 'interrupted')
})

test('adopt() carries a run out again with what was recorded of it, and numbers its events on', async (t) => {
  const { runs, store, requests } = open(t, async (asked, { recorded, record }) => {
    assert.equal(asked.connection.becomePassword, 'secret')
    assert.equal(recorded?.checkpoints.get('here'), '1')
    await record.append({ kind: 'no_hosts_left' }, { position: 'there', value: '' })
    return 0
  })
  const connection = { become: true, acceptNewHostKeys: false, becomePassword: 'secret' }
  requests.keep('r1', { ...request(), connection })
  requests.keep('r0', request())
  await store.runs.create({ ...running, runId: 'r1' })
  const body = { kind: 'no_hosts_matched' } as const
  await store.runs.append('r1', { atMs: 1, body, checkpoint: { position: 'here', value: '1' } })
  await runs.adopt()
  const events = await all(runs.watch('r1', { afterSeq: 0, signal: forever }))
  assert.deepEqual(
    events.map(({ seq, body: { kind } }) => `${seq} ${kind}`),
    ['1 no_hosts_matched', '2 no_hosts_left', '3 run_ended'],
  )
  assert.equal(requests.read('r0'), undefined)
  assert.equal((await store.runs.takeUp('r1')).checkpoints.size, 0)
})

test('adopt() closes a run that had told its end as it told it', async (t) => {
  const { runs, store } = open(t, () => assert.fail('it was carried out again'))
  await store.runs.create({ ...running, runId: 'r1' })
  await store.runs.append('r1', {
    atMs: 1,
    body: { kind: 'run_ended', exitCode: 2 },
    checkpoint: { position: 'run_ended', value: '{"exitCode":2}' },
  })
  await runs.adopt()
  const run = await store.runs.find('r1')
  assert.deepEqual([run?.state, run?.exitCode], ['ended', 2])
})

test('disposing leaves all runs to the next controller, and tells who watches to go there', async (t) => {
  const { runs, store, requests } = open(t, (_request, { signal }) => untilAborted(signal))
  const runId = await startRun(runs, request())
  const watching = all(runs.watch(runId, { afterSeq: 0, signal: forever }))
  const refused = assert.rejects(watching, { code: 'unreachable', message: /next one goes on/u })
  await runs[Symbol.asyncDispose]()
  await refused
  assert.equal((await store.runs.find(runId))?.state, 'running')
  assert.ok(requests.read(runId))
  await assert.rejects(startRun(runs, request()), { code: 'unreachable' })
  await assert.rejects(all(runs.watch(runId, { afterSeq: 0, signal: forever })), {
    code: 'unreachable',
  })
})

test('stop() of a run that has not begun begins nothing', async (t) => {
  const { runs, store } = open(t, async (_request, { signal }) => {
    signal.throwIfAborted()
    assert.fail('it was begun')
  })
  const runId = await startRun(runs, request())
  await runs.stop(runId)
  assert.equal((await store.runs.find(runId))?.exitCode, 99)
})

test('adopt() stops a run that was asked to before its controller died, jobs as was asked', async (t) => {
  const cancelled: string[] = []
  const { runs, store, requests } = open(
    t,
    async (_request, { signal }) => {
      signal.throwIfAborted()
      assert.fail('it went on')
    },
    async (jobId) => cancelled.push(jobId),
  )
  // What the record is like when the controller dies before the run has stopped.
  await store.runs.create({ ...running, runId: 'r1' })
  requests.keep('r1', request())
  await store.jobs.create({ ...openJob, runId: 'r1', isAsync: true })
  await store.runs.checkpoint('r1', new Interruption({ cancelsJobs: true }).place)
  await runs.adopt()
  await all(runs.watch('r1', { afterSeq: 0, signal: forever }))
  assert.deepEqual(cancelled, ['j1'])
  const run = await store.runs.find('r1')
  assert.deepEqual([run?.state, run?.exitCode], ['interrupted', 99])
})

test('stop() is in the record before anything comes of it', async (t) => {
  let recorded: Interruption | undefined
  const { runs, store } = open(t, async (_request, { runId, signal }) => {
    await untilAborted(signal).catch(() => {})
    recorded = Interruption.recordedIn((await store.runs.takeUp(runId)).checkpoints)
    return 0
  })
  await runs.stop(await startRun(runs, request()), { cancelJobs: true })
  assert.equal(recorded?.cancelsJobs, true)
})

test('adopt() lets suspect runs go on one at a time, and gives up the one that ends the controller', async (t) => {
  const begun: string[] = []
  const hang: ExecuteRun = async (_request, { runId, signal }) => {
    begun.push(runId)
    return untilAborted(signal)
  }
  const { runs, store, requests } = open(t, hang)
  for (const [runId, starts] of [
    ['r1', 10],
    ['r2', 10],
    ['r3', 9],
  ] as const) {
    await store.runs.create({ ...running, runId })
    requests.keep(runId, request())
    for (let back = 1; back <= starts; back += 1) {
      const atMs = Date.now() - 1000 * back
      await store.runs.checkpoint(runId, startMark(new Map(), { atMs, isAlone: false }))
    }
  }
  await runs.adopt()
  await waitFor('two of them to go on', () => begun.length === 2)
  const [suspect = ''] = begun.filter((runId) => runId !== 'r3')

  // That controller dies. The next one knows what it died of.
  begun.length = 0
  const log = pino({ level: 'silent' })
  const clock = { nowMs: () => Date.now() }
  const cancelJob = () => assert.fail('jobs go on')
  await using next = new Runs({ store, execute: hang, requests, cancelJob, clock, log, trialMs: 0 })
  await next.adopt()
  const run = await store.runs.find(suspect)
  assert.deepEqual([run?.state, run?.exitCode], ['ended', 250])
  await waitFor('the others to go on', () => begun.length === 2)
  assert.ok(!begun.includes(suspect))
})

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
}

function open(
  t: TestContext,
  execute: ExecuteRun,
  cancelJob: CancelJob = () => Promise.reject(new Error('nothing is cancelled')),
): {
  readonly runs: Runs
  readonly store: Store
  readonly requests: PrivateRequests
  readonly file: string
  readonly folder: string
} {
  const folder = mkdtempSync(join(tmpdir(), 'errand-runs-'))
  const file = join(folder, 'errand.db')
  const store = openSqliteStore(file)
  const clock = { nowMs: () => Date.now() }
  const requests = new PrivateRequests(join(folder, 'going-on'))
  const log = pino({ level: 'silent' })
  const runs = new Runs({ store, execute, cancelJob, requests, clock, log })
  t.after(async () => {
    await runs[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })
  return { runs, store, requests, file, folder }
}

async function all(source: AsyncIterable<RunEvent>): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = []
  for await (const event of source) events.push(event)
  return events
}

function request(): RunRequest {
  return {
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
  }
}

test('start() of a run that there is already starts nothing', async (t) => {
  const started: RunId[] = []
  const { runs } = open(t, async (_request, { runId }) => {
    started.push(runId)
    return 0
  })
  const runId = await startRun(runs, request())
  await runs.start(runId, request())
  await all(runs.watch(runId, { afterSeq: 0, signal: forever }))
  await runs.start(runId, request())
  assert.deepEqual(started, [runId])
  assert.equal(runs.running, 0)
})
