import assert from 'node:assert/strict'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { isFinal } from '../../../proto/job.ts'
import type { RunEventBody } from '../../../proto/run.ts'
import { runHere, type RanHere, type RunHereOptions } from '../../support/run-here.ts'

const examples = join(import.meta.dirname, '../../../deploy/example/playbooks')
const roles = ['python', 'mysql_db', 'flask_web']

/** The hosts of the playbooks, and roles that do nothing here: those of the example have their own tests. */
async function stage(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'errand-six-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(
    join(folder, 'inventory'),
    '[db_server]\ndb1\n[web_server]\nweb1\n[db_and_web_server:children]\ndb_server\nweb_server\n',
  )
  for (const role of roles) {
    await mkdir(join(folder, 'roles', role, 'tasks'), { recursive: true })
    await writeFile(
      join(folder, 'roles', role, 'tasks', 'main.yml'),
      `- debug:\n    msg: ${role}\n`,
    )
  }
  return folder
}

async function play(t: TestContext, name: string, options: RunHereOptions): Promise<RanHere> {
  const folder = await stage(t)
  await copyFile(join(examples, name), join(folder, name))
  return await runHere(
    {
      playbooks: [name],
      inventories: ['inventory'],
      cwd: folder,
      environment: { HOME: folder, ANSIBLE_GATHERING: 'explicit' },
    },
    options,
  )
}

function monitors(seconds: number): RunHereOptions {
  const script = ['/bin/sh', '-c', `echo looking; sleep ${seconds}`]
  return {
    agents: { programs: { '/opt/monitor_webapp.py': script, '/opt/monitor_database.py': script } },
  }
}

function kinds(
  events: readonly RunEventBody[],
  kind: RunEventBody['kind'],
): readonly RunEventBody[] {
  return events.filter((event) => event.kind === kind)
}

test('run() of 1-poll.yml notices the end at once, not at the next look', async (t) => {
  const { exitCode, events, agents } = await play(t, '1-poll.yml', monitors(0.3))
  assert.equal(exitCode, 0)
  assert.equal(kinds(events, 'async_poll').length, 0)
  assert.equal(kinds(events, 'async_ok').length, 2)
  const results = events.filter((event) => event.kind === 'host_result')
  assert.deepEqual(
    results.map(({ status }) => status),
    ['changed', 'changed'],
  )
  assert.deepEqual(
    results.map(({ result }) => result.get('stdout')),
    ['looking', 'looking'],
  )
  const limits = agents.started.map(({ spec }) => spec.timeLimitMs)
  assert.deepEqual(limits, [360_000, 360_000])
})

test('run() of 2-fire-and-check.yml wakes when the job ends', async (t) => {
  const { exitCode, events } = await play(t, '2-fire-and-check.yml', monitors(0.3))
  assert.equal(exitCode, 0)
  const last = events.filter((event) => event.kind === 'host_result').slice(-2)
  for (const { result, status } of last) {
    assert.equal(status, 'changed')
    assert.equal(result.get('finished'), 1)
    assert.equal(result.get('stdout'), 'looking')
    assert.equal(result.get('attempts'), 2)
  }
  assert.equal(kinds(events, 'retrying').length, 2)
})

for (const name of ['3-default-poll.yml', '4-poll-30.yml']) {
  test(`run() of ${name} runs the roles and waits for the monitor`, async (t) => {
    const { exitCode, events } = await play(t, name, monitors(0.1))
    assert.equal(exitCode, 0)
    const tasks = events.filter((event) => event.kind === 'task_started').map(({ task }) => task)
    assert.deepEqual(tasks, [
      'python : debug',
      'mysql_db : debug',
      'python : debug',
      'flask_web : debug',
      'Monitor Web Application for 6 Minutes',
    ])
    assert.equal(kinds(events, 'async_ok').length, 1)
  })
}

for (const name of ['5-parallel.yml', '6-check-later.yml']) {
  test(`run() of ${name} returns at once, both jobs running`, async (t) => {
    let runningAtTheEnd = 0
    const { exitCode, agents } = await play(t, name, {
      ...monitors(60),
      onEvent: async (body, fakes) => {
        if (body.kind !== 'stats') return
        for (const { spec } of fakes.started) {
          const { report } = await fakes.look(spec.jobId)
          if (!isFinal(report.state)) runningAtTheEnd += 1
        }
      },
    })
    assert.equal(exitCode, 0)
    assert.equal(runningAtTheEnd, 2)
    assert.deepEqual(
      agents.started.map(({ origin }) => [origin.host, origin.isAsync]),
      [
        ['web1', true],
        ['db1', true],
      ],
    )
  })
}
