import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { command, jobSpec, shell, startAgent } from './test-agent.ts'
import { textOf } from './test-client.ts'
import { waitFor } from '../../support/wait-for.ts'

const programs = join(import.meta.dirname, '../../fixtures/programs')

test('an agent killed in the middle of a job finds the job again and its end', async (t) => {
  const agent = await startAgent(t)
  const before = await agent.connect()
  const file = join(agent.stateDir, 'go')
  const spec = jobSpec(
    shell(`echo one; while [ ! -e ${file} ]; do sleep 0.05; done; echo two; exit 7`),
  )
  const started = await before.submit(spec)
  await agent.kill('SIGKILL')
  await agent.start()
  const after = await agent.connect()
  const found = await after.look(spec.jobId)
  assert.deepEqual(found.state, started.state)
  assert.equal((await after.submit(spec)).state.kind, 'running')
  writeFileSync(file, '')
  const end = await after.end(spec.jobId)
  assert.deepEqual(end.state.kind === 'failed' && end.state.failure, { kind: 'exit', exitCode: 7 })
  assert.equal(textOf(end).stdout, 'one\ntwo\n')
})

test('a job that ends while the agent is dead is reported once, after it', async (t) => {
  const agent = await startAgent(t)
  const before = await agent.connect()
  const file = join(agent.stateDir, 'go')
  const spec = jobSpec(shell(`while [ ! -e ${file} ]; do sleep 0.05; done; echo done`))
  await before.submit(spec)
  const { journalId } = before.welcome ?? {}
  await agent.kill('SIGKILL')
  writeFileSync(file, '')
  const folder = join(agent.stateDir, 'spool/jobs', spec.jobId)
  await waitFor('the end on disk', () => readFileSync(join(folder, 'end'), 'utf8'))
  await agent.start()
  const after = await agent.connect()
  assert.equal(after.welcome?.journalId, journalId)
  await after.end(spec.jobId)
  await agent.kill('SIGKILL')
  await agent.start()
  const third = await agent.connect()
  await third.end(spec.jobId)
  assert.deepEqual(
    third.events.map(({ seq, report }) => [seq, report.state.kind]),
    [
      [1, 'running'],
      [2, 'succeeded'],
    ],
  )
  third.say({ kind: 'acknowledge', seq: 2 })
  const ping = { kind: 'operation', operation: 'ping', argsJson: '{}' } as const
  await third.submit(jobSpec(ping))
  await waitFor('the next event', () => third.events.some(({ seq }) => seq === 3))
  await agent.kill('SIGKILL')
  await agent.start()
  const fourth = await agent.connect(2)
  await waitFor('the event after the acknowledged ones', () => fourth.events.length > 0)
  assert.deepEqual(
    fourth.events.map(({ seq }) => seq),
    [3],
  )
})

test('after a reboot a running job is lost, with the evidence, and numbering begins anew', async (t) => {
  const agent = await startAgent(t)
  const bootFile = join(agent.stateDir, 'boot-id')
  const before = await agent.connect()
  const spec = jobSpec(command(join(programs, 'forever')))
  const started = await before.submit(spec)
  await agent.kill('SIGKILL')
  writeFileSync(bootFile, '00000000-0000-0000-0000-000000000000\n')
  agent.flags = ['--boot-id-file', bootFile]
  await agent.start()
  const after = await agent.connect()
  const end = await after.end(spec.jobId)
  assert.match(end.state.kind === 'lost' ? end.state.evidence : '', /^host rebooted at \d{4}-/u)
  assert.notEqual(after.welcome?.journalId, before.welcome?.journalId)
  // What looked like the job's process was not touched: it might be anybody's in the new boot.
  assert.ok(started.state.kind === 'running')
  process.kill(started.state.process.pid, 'SIGKILL')
})

test('a pid that belongs to another process by now is neither the job nor signalled', async (t) => {
  const agent = await startAgent(t)
  const before = await agent.connect()
  const spec = jobSpec(command(join(programs, 'forever')))
  await before.submit(spec)
  await agent.kill('SIGKILL')
  const folder = join(agent.stateDir, 'spool/jobs', spec.jobId)
  const pids: number[] = []
  for (const name of ['shim', 'process']) {
    const file = join(folder, name)
    const [pid = '', ticks = '', boot = ''] = readFileSync(file, 'utf8').split(' ')
    pids.push(Number(pid))
    writeFileSync(file, `${pid} ${Number(ticks) + 1} ${boot} .\n`)
  }
  await agent.start()
  const after = await agent.connect()
  const end = await after.end(spec.jobId)
  assert.equal(end.state.kind === 'lost' && end.state.evidence, 'shim gone, no end recorded')
  assert.equal((await after.cancel(spec.jobId, 0)).state.kind, 'lost')
  for (const pid of pids) process.kill(pid, 'SIGKILL') // throws if it were gone
})

test('a claim without a start is dropped, and the same submit starts the job', async (t) => {
  const agent = await startAgent(t)
  const first = await agent.connect()
  const spec = jobSpec(shell('echo hello'))
  await first.submit(spec)
  await first.end(spec.jobId)
  await agent.kill('SIGKILL')
  const { mkdirSync } = await import('node:fs')
  const late = jobSpec(shell('echo late'))
  mkdirSync(join(agent.stateDir, 'spool/jobs', late.jobId))
  await agent.start()
  const client = await agent.connect()
  await assert.rejects(client.look(late.jobId), { code: 'not_found' })
  await client.submit(late)
  assert.equal(textOf(await client.end(late.jobId)).stdout, 'late\n')
})

test('a job that was called off before it came starts nothing, also after a restart', async (t) => {
  const agent = await startAgent(t)
  const first = await agent.connect()
  const file = join(agent.stateDir, 'ran')
  const spec = jobSpec(shell(`echo x >>${file}`))
  await assert.rejects(first.callOff(spec.jobId), { code: 'not_found' })
  assert.equal((await first.submit(spec)).state.kind, 'lost')
  await agent.kill('SIGKILL')
  await agent.start()
  const client = await agent.connect()
  const { state } = await client.submit(spec)
  const evidence = 'it had not reached the host when it was called off'
  assert.equal(state.kind === 'lost' && state.evidence, evidence)
  const next = jobSpec(shell(`echo y >>${file}`))
  await client.submit(next)
  assert.equal((await client.end(next.jobId)).state.kind, 'succeeded')
  assert.equal((await client.callOff(next.jobId)).state.kind, 'succeeded', 'what ran is told')
  assert.equal(readFileSync(file, 'utf8'), 'y\n')
})

test('when the shim is killed the agent keeps the time limit in its place', async (t) => {
  const agent = await startAgent(t)
  const client = await agent.connect()
  const spec = jobSpec(command(join(programs, 'forever')), { timeLimitMs: 1500, graceMs: 100 })
  const started = await client.submit(spec)
  assert.ok(started.state.kind === 'running')
  const { pid } = started.state.process
  // Until then the program is still of the shim's own group.
  await waitFor('the program to be in a session of its own', () => sessionOf(pid) === pid)
  const folder = join(agent.stateDir, 'spool/jobs', spec.jobId)
  const shim = Number.parseInt(readFileSync(join(folder, 'shim'), 'utf8'), 10)
  process.kill(-shim, 'SIGKILL')
  const end = await client.end(spec.jobId)
  assert.equal(end.state.kind, 'timed_out')
})

test('when shim and program are killed the job is lost', async (t) => {
  const agent = await startAgent(t)
  const client = await agent.connect()
  const spec = jobSpec(command(join(programs, 'forever')))
  const started = await client.submit(spec)
  const folder = join(agent.stateDir, 'spool/jobs', spec.jobId)
  const shim = Number.parseInt(readFileSync(join(folder, 'shim'), 'utf8'), 10)
  process.kill(-shim, 'SIGKILL')
  assert.ok(started.state.kind === 'running')
  process.kill(started.state.process.pid, 'SIGKILL')
  const end = await client.end(spec.jobId)
  assert.match(end.state.kind === 'lost' ? end.state.evidence : '', /^shim gone, no end recorded/u)
})

/** The sixth field of its stat file: what follows the name in brackets begins with the third. */
function sessionOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[3])
}
