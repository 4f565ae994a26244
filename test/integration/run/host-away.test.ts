import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { RunEventBody, RunRequest } from '../../../proto/run.ts'
import { runHere } from '../../support/run-here.ts'

const adhoc = {
  pattern: 'all',
  module: 'command',
  args: '',
  argv: ['echo', 'hi'],
  asyncSeconds: 0,
  pollSeconds: 15,
  oneLine: false,
}

function statuses(events: readonly RunEventBody[]): readonly (readonly [string, string])[] {
  return events
    .filter((event) => event.kind === 'host_result')
    .map(({ host, status }) => [host.host, status] as const)
}

function isAwaited(event: RunEventBody) {
  return event.kind === 'host_awaited'
}

test('exec --when-reachable starts what is there at once, and the rest once, under the id that waited', async () => {
  const unreachable: Record<string, string> = { h2: 'no route to h2' }
  const request: Partial<RunRequest> = {
    kind: 'adhoc',
    adhoc: { ...adhoc, whenReachable: { expiresMs: 60_000 } },
    inventories: ['h1,h2'],
  }
  const { agents, events, exitCode } = await runHere(request, {
    agents: { unreachable },
    onEvent: (event) => {
      if (event.kind === 'host_result' && event.host.host === 'h1') delete unreachable['h2']
    },
  })
  assert.equal(exitCode, 0)
  assert.deepEqual(statuses(events), [
    ['h1', 'changed'],
    ['h2', 'changed'],
  ])
  const [held] = agents.held.values()
  assert.deepEqual(
    agents.started.map(({ origin }) => origin.host),
    ['h1', 'h2'],
  )
  assert.equal(agents.started[1]?.spec.jobId, held?.jobId)
  const [awaited] = events.filter(isAwaited)
  assert.deepEqual(
    [awaited?.host, awaited?.jobId, awaited?.reason],
    ['h2', held?.jobId, 'no route to h2'],
  )
})

test('exec --when-reachable gives up when the time is over, and starts nothing', async () => {
  const { agents, events, exitCode } = await runHere(
    {
      kind: 'adhoc',
      adhoc: { ...adhoc, whenReachable: { expiresMs: 300 } },
      inventories: ['h1,'],
    },
    { agents: { unreachable: { h1: 'no route to h1' } } },
  )
  assert.equal(exitCode, 4)
  assert.deepEqual(agents.started, [])
  assert.deepEqual([...agents.gaveUp.values()], ['expired'])
  const result = events.find((event) => event.kind === 'host_result')?.result
  assert.match(
    String(result?.get('msg')),
    /^the job j\d+\.\d+ has expired: its host was away until /u,
  )
})

async function folderWith(t: TestContext, play: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'errand-away-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'play.yml'), play)
  return folder
}

test('run --wait-for-hosts waits at the first task of a play, and no longer than it says', async (t) => {
  const tasks = '  gather_facts: false\n  tasks: [{ command: echo 1 }, { command: echo 2 }]\n'
  const cwd = await folderWith(t, `- hosts: all\n${tasks}`)
  const unreachable: Record<string, string> = { h2: 'no route to h2', h3: 'no route to h3' }
  const request = { playbooks: ['play.yml'], inventories: ['h1,h2,h3'], cwd, waitForHostsMs: 1500 }
  const { events, exitCode } = await runHere(request, {
    agents: { unreachable },
    onEvent: (event) => {
      if (event.kind === 'host_awaited') delete unreachable['h2']
    },
  })
  assert.equal(exitCode, 4)
  assert.deepEqual(
    events
      .filter(isAwaited)
      .map(({ host }) => host)
      .toSorted(),
    ['h2', 'h3'],
  )
  const of = (name: string) => statuses(events).filter(([host]) => host === name)
  assert.deepEqual(of('h2'), [
    ['h2', 'changed'],
    ['h2', 'changed'],
  ])
  assert.deepEqual(of('h3'), [['h3', 'unreachable']])
})

test('nobody waits where all hosts are there', async (t) => {
  const tasks = '  gather_facts: false\n  tasks: [{ command: echo 1 }]\n'
  const cwd = await folderWith(t, `- hosts: all\n${tasks}`)
  const request = { playbooks: ['play.yml'], inventories: ['h1,'], cwd, waitForHostsMs: 60_000 }
  const { events, exitCode } = await runHere(request)
  assert.deepEqual([exitCode, events.some(isAwaited)], [0, false])
})
