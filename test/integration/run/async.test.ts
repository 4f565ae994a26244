import { without } from '../../../proto/value.ts'
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { plain } from '../../support/plain.ts'
import { ErrandError } from '../../../proto/errors.ts'
import { isFinal } from '../../../proto/job.ts'
import type { HostResult, RunEventBody } from '../../../proto/run.ts'
import { runHere, type RanHere, type RunHereOptions } from '../../support/run-here.ts'

/** Runs tasks on hosts without gathering facts. */
async function play(
  t: TestContext,
  tasks: string,
  options: RunHereOptions & { readonly hosts?: string; readonly forks?: number } = {},
): Promise<RanHere & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'errand-async-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const { hosts = 'h1', forks = 5 } = options
  const text = `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.replace(/^/gmu, '    ')}\n`
  await writeFile(join(folder, 'play.yml'), text)
  const request = {
    playbooks: ['play.yml'],
    inventories: [`${hosts},`],
    cwd: folder,
    forks,
    extraVars: [`folder=${folder}`],
  }
  return { ...(await runHere(request, options)), folder }
}

function results(events: readonly RunEventBody[]): readonly HostResult[] {
  return events.filter((event) => event.kind === 'host_result')
}

test('run() gives a fired task the fields of Ansible', async (t) => {
  const { events } = await play(t, '- command: sleep 30\n  async: 60\n  poll: 0')
  const [fired] = results(events)
  assert.ok(fired)
  assert.equal(fired.status, 'changed')
  const jobId = fired.result.get('ansible_job_id')
  const file = fired.result.get('results_file')
  const rest = without(fired.result, ['ansible_job_id', 'results_file'])
  assert.ok(typeof jobId === 'string' && typeof file === 'string')
  assert.match(jobId, /^j\d{13}\.\d{12}$/u)
  assert.ok(file.endsWith(jobId))
  assert.deepEqual(Object.fromEntries(rest), { started: 1, finished: 0, changed: true, failed: 0 })
})

test('run() says Timeout exceeded when the time limit ends a job', async (t) => {
  const { events, exitCode } = await play(t, '- command: sleep 30\n  async: 1\n  poll: 60')
  assert.equal(exitCode, 2)
  const [ended] = results(events)
  assert.equal(ended?.result.get('msg'), 'Timeout exceeded')
  assert.equal(ended?.result.get('finished'), 1)
  assert.equal(ended?.result.get('changed'), false)
  assert.equal(typeof ended?.result.get('child_pid'), 'number')
  assert.equal(events.filter(({ kind }) => kind === 'async_failed').length, 1)
})

test('run() paces its looks by poll', async (t) => {
  const { events } = await play(t, '- command: sleep 0.7\n  async: 60\n  poll: 0.2')
  const polls = events.filter(({ kind }) => kind === 'async_poll').length
  assert.ok(polls >= 2 && polls <= 4, `${polls} looks`)
})

test('run() finds no job that was cleaned up, nor one of another host', async (t) => {
  const { events } = await play(
    t,
    [
      '- command: echo x',
      '  async: 60',
      '  poll: 0',
      '  register: fired',
      '- async_status: {jid: "{{ fired.ansible_job_id }}"}',
      '  register: looked',
      '  until: looked.finished',
      '  delay: 30',
      '- async_status: {jid: "{{ fired.ansible_job_id }}", mode: cleanup}',
      '- async_status: {jid: "{{ fired.ansible_job_id }}"}',
      '  ignore_errors: true',
      '- async_status: {jid: "{{ hostvars.h2.fired.ansible_job_id }}"}',
      '  when: inventory_hostname == "h1"',
      '  ignore_errors: true',
    ].join('\n'),
    { hosts: 'h1,h2' },
  )
  const ofFirst = results(events).filter(({ host }) => host.host === 'h1')
  const [, looked, cleaned, gone, foreign] = ofFirst.map(({ result }) => result)
  assert.equal(looked?.get('stdout'), 'x')
  assert.deepEqual([cleaned?.get('started'), cleaned?.get('finished')], [0, 0])
  for (const missing of [gone, foreign]) {
    assert.equal(missing?.get('msg'), 'could not find job')
    assert.deepEqual([missing?.get('started'), missing?.get('finished')], [1, 1])
  }
})

test('run() waits for all hosts at once, whatever forks says', async (t) => {
  const running = new Set<string>()
  let most = 0
  await play(t, '- command: sleep 0.6\n  async: 60\n  poll: 10', {
    hosts: 'h1,h2,h3,h4',
    forks: 1,
    onEvent: (body) => {
      if (body.kind === 'job_started') running.add(body.host)
      if (body.kind === 'async_ok') running.delete(body.host)
      most = Math.max(most, running.size)
    },
  })
  assert.equal(most, 4)
})

test('run() works on no more hosts than forks at a time', async (t) => {
  const { folder, exitCode } = await play(
    t,
    '- shell: echo in >> {{ folder }}/log; sleep 0.2; echo out >> {{ folder }}/log',
    { hosts: 'h1,h2,h3', forks: 1 },
  )
  assert.equal(exitCode, 0)
  const lines = (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n')
  assert.deepEqual(lines, ['in', 'out', 'in', 'out', 'in', 'out'])
})

test('run() stops for an interrupt and leaves its jobs running', async (t) => {
  const stop = new AbortController()
  let stillRuns = false
  const { exitCode, events } = await play(
    t,
    '- command: sleep 30\n  async: 60\n  poll: 1\n- command: touch {{ folder }}/never',
    {
      signal: stop.signal,
      onEvent: async (body, agents) => {
        if (body.kind !== 'async_poll') return
        stop.abort(new ErrandError('interrupted', 'the user asked the run to stop'))
        const { report } = await agents.look(body.jobId)
        stillRuns = !isFinal(report.state)
      },
    },
  )
  assert.equal(exitCode, 99)
  assert.ok(stillRuns)
  assert.equal(results(events).length, 0)
})

test('run() counts a host without an answer as unreachable and goes on without it', async (t) => {
  const { exitCode, events } = await play(t, '- command: echo x\n- command: echo y', {
    hosts: 'h1,away',
    agents: { unreachable: { away: 'away does not answer' } },
  })
  assert.equal(exitCode, 4)
  const away = results(events).filter(({ host }) => host.host === 'away')
  assert.deepEqual(
    away.map(({ status, result }) => [status, plain(result)]),
    [['unreachable', { changed: false, msg: 'away does not answer', unreachable: true }]],
  )
  const stats = events.find((event) => event.kind === 'stats')
  assert.equal(stats?.stats['away']?.unreachable, 1)
  assert.equal(stats?.stats['h1']?.ok, 2)
})

test('run() drops the files of synchronous jobs, not those of fired ones', async (t) => {
  const { agents } = await play(t, '- command: echo x\n- command: echo y\n  async: 60\n  poll: 0')
  const [sync, fired] = agents.started.map(({ spec }) => spec.jobId)
  await assert.rejects(agents.look(sync ?? ''), { code: 'not_found' })
  const { report } = await agents.look(fired ?? '')
  assert.equal(report.jobId, fired)
})
