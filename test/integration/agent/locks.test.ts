import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { JobSpec } from '../../../proto/job.ts'
import { waitFor } from '../../support/wait-for.ts'
import { jobSpec, shell, startAgent, type TestAgent } from './test-agent.ts'
import type { TestClient } from './test-client.ts'

/** Jobs with a lock that say when they begin and end in one file, and end when they are let go. */
class Scene {
  readonly agent: TestAgent
  readonly name: string
  readonly log: string

  constructor(agent: TestAgent, name: string) {
    this.agent = agent
    this.name = name
    this.log = join(agent.stateDir, name)
    writeFileSync(this.log, '')
  }

  job(name: string, more: Partial<JobSpec> = {}): JobSpec {
    const until = `while [ ! -e ${this.log}-${name} ]; do sleep 0.05; done`
    const script = `echo +${name} >>${this.log}; ${until}; echo -${name} >>${this.log}`
    return jobSpec(shell(script), { name, lock: this.name, ...more })
  }

  letGo(name: string): void {
    writeFileSync(`${this.log}-${name}`, '')
  }

  lines(): readonly string[] {
    return readFileSync(this.log, 'utf8').split('\n').slice(0, -1)
  }

  async says(line: string): Promise<void> {
    await waitFor(line, () => this.lines().includes(line))
  }

  folder({ jobId }: JobSpec): string {
    return join(this.agent.stateDir, 'spool/jobs', jobId)
  }
}

const cleanUps: (() => Promise<void>)[] = []
let agent: TestAgent
let scenes = 0

before(async () => {
  agent = await startAgent({ after: (cleanUp) => cleanUps.push(cleanUp) })
})

after(async () => {
  for (const cleanUp of cleanUps) await cleanUp()
})

function sceneOfItsOwn(): Scene {
  return new Scene(agent, `scene-${(scenes += 1)}`)
}

function kindsOf({ events }: TestClient, { jobId }: JobSpec): readonly string[] {
  return events
    .filter(({ report }) => report.jobId === jobId)
    .map(({ report }) => report.state.kind)
}

test('jobs with a lock run one at a time, first come, first served; others go on beside', async () => {
  const scene = sceneOfItsOwn()
  const client = await scene.agent.connect()
  const [a, b, c] = ['a', 'b', 'c'].map((name) => scene.job(name))
  const [other, none] = [scene.job('other', { lock: 'web' }), jobSpec(shell('true'))]
  assert.ok(a && b && c)
  assert.equal((await client.submit(a)).state.kind, 'running')
  const { state } = await client.submit(b)
  assert.deepEqual([state.kind, state.kind === 'queued' && state.lock], ['queued', scene.name])
  assert.equal((await client.submit(c)).state.kind, 'queued')
  assert.equal((await client.submit(b)).state.kind, 'queued', 'a repeat stands where it stood')
  assert.equal((await client.submit(other)).state.kind, 'running')
  await client.submit(none)
  assert.equal((await client.end(none.jobId)).state.kind, 'succeeded')
  for (const name of ['other', 'c', 'b', 'a']) scene.letGo(name)
  await client.end(c.jobId)
  const mine = scene.lines().filter((line) => !line.endsWith('other'))
  assert.deepEqual(mine, ['+a', '-a', '+b', '-b', '+c', '-c'])
  assert.deepEqual(kindsOf(client, b), ['queued', 'running', 'succeeded'])
  assert.ok(!existsSync(join(scene.folder(b), 'queued')), 'what it needed to start is gone')
})

test('a job that waits can be cancelled, and the next one has its place', async () => {
  const scene = sceneOfItsOwn()
  const client = await scene.agent.connect()
  const [a, b, c] = ['a', 'b', 'c'].map((name) => scene.job(name))
  assert.ok(a && b && c)
  for (const spec of [a, b, c]) await client.submit(spec)
  assert.equal((await client.cancel(b.jobId, 100)).state.kind, 'cancelled')
  await scene.says('+a')
  await client.cancel(a.jobId, 100)
  assert.equal((await client.end(a.jobId)).state.kind, 'cancelled')
  await scene.says('+c')
  assert.deepEqual(scene.lines(), ['+a', '+c'])
  scene.letGo('c')
  assert.equal((await client.end(c.jobId)).state.kind, 'succeeded')
})

test('the time limit counts from the start, not from the wait', async () => {
  const scene = sceneOfItsOwn()
  const client = await scene.agent.connect()
  const a = scene.job('a', { timeLimitMs: 600 })
  const b = scene.job('b', { timeLimitMs: 400 })
  await client.submit(a)
  await client.submit(b)
  for (const { jobId } of [a, b]) assert.equal((await client.end(jobId)).state.kind, 'timed_out')
  assert.deepEqual(scene.lines(), ['+a', '+b'])
})

test('the agent’s own operations wait for a lock too', async () => {
  const scene = sceneOfItsOwn()
  const client = await scene.agent.connect()
  const a = scene.job('a')
  const ping = { kind: 'operation', operation: 'ping', argsJson: '{}' } as const
  const b = jobSpec(ping, { lock: scene.name })
  await client.submit(a)
  assert.equal((await client.submit(b)).state.kind, 'queued')
  scene.letGo('a')
  assert.equal((await client.end(b.jobId)).state.kind, 'succeeded')
  assert.deepEqual(kindsOf(client, b), ['queued', 'succeeded'])
})

test('a lock’s name is checked', async () => {
  const scene = sceneOfItsOwn()
  const client = await scene.agent.connect()
  client.say({ kind: 'submit', request: 999, spec: scene.job('a', { lock: 'a b' }) })
  const error = await waitFor('the refusal', () => client.error)
  assert.match(error.message, /not a name of a lock: "a b"/u)
})

test('who has the lock and who waits is found again after the agent was killed, and after a reboot', async (t) => {
  const scene = new Scene(await startAgent(t), 'scene')
  const first = await scene.agent.connect()
  const a = scene.job('a')
  const b = scene.job('b', { stdin: Buffer.from('secret'), environment: { NAME: 'x' } })
  const c = scene.job('c', { runAs: { user: '', method: 'sudo', password: 'hunter2' } })
  const ping = { kind: 'operation', operation: 'ping', argsJson: '{}' } as const
  // The order is that of coming, not that of the ids.
  const d = jobSpec(ping, { lock: scene.name, jobId: 'j0000000000001.000000000000' })
  for (const spec of [a, b, c, d]) await first.submit(spec)
  assert.equal(statSync(join(scene.folder(b), 'queued')).mode & 0o777, 0o600)
  assert.ok(!readFileSync(join(scene.folder(c), 'queued'), 'utf8').includes('hunter2'))
  await scene.agent.kill('SIGKILL')
  await scene.agent.start()
  const second = await scene.agent.connect()
  assert.equal((await second.look(a.jobId)).state.kind, 'running')
  assert.equal((await second.look(b.jobId)).state.kind, 'queued')
  assert.equal((await second.submit(d)).state.kind, 'queued')
  scene.letGo('a')
  await scene.says('+b')
  const { state } = await waitFor('b to run', async () => {
    const report = await second.look(b.jobId)
    return report.state.kind === 'running' ? report : undefined
  })
  await scene.agent.kill('SIGKILL')
  const bootFile = join(scene.agent.stateDir, 'boot-id')
  writeFileSync(bootFile, '00000000-0000-0000-0000-000000000000\n')
  scene.agent.flags = ['--boot-id-file', bootFile]
  await scene.agent.start()
  const third = await scene.agent.connect()
  assert.equal((await third.end(b.jobId)).state.kind, 'lost')
  const refused = (await third.end(c.jobId)).state
  assert.ok(refused.kind === 'failed' && refused.failure.kind === 'start')
  assert.match(refused.failure.message, /become password, which is in no file/u)
  assert.equal((await third.end(d.jobId)).state.kind, 'succeeded')
  assert.deepEqual(scene.lines(), ['+a', '-a', '+b'])
  assert.ok(state.kind === 'running')
  process.kill(state.process.pid, 'SIGKILL')
})
