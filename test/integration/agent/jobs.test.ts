import assert from 'node:assert/strict'
import { test } from 'node:test'
import { command, jobSpec, shell, startAgent } from './test-agent.ts'
import { textOf } from './test-client.ts'

test('submit() runs a command and its end comes as an event with the output', async (t) => {
  const client = await (await startAgent(t)).connect()
  const spec = jobSpec(shell('echo out; echo err >&2; exit 3'))
  const started = await client.submit(spec)
  assert.ok(['running', 'failed'].includes(started.state.kind))
  const end = await client.end(spec.jobId)
  assert.deepEqual(end.state.kind === 'failed' && end.state.failure, { kind: 'exit', exitCode: 3 })
  assert.deepEqual(textOf(end), { stdout: 'out\n', stderr: 'err\n' })
  assert.deepEqual(
    client.events.map(({ seq }) => seq),
    [1, 2],
  )
})

test('submit() of the same id twice at once starts one program', async (t) => {
  const client = await (await startAgent(t)).connect()
  const spec = jobSpec(shell('echo once'))
  await Promise.all([client.submit(spec), client.submit(spec), client.submit(spec)])
  assert.equal(textOf(await client.end(spec.jobId)).stdout, 'once\n')
  const again = await client.submit(spec)
  assert.equal(again.state.kind, 'succeeded')
  assert.equal(textOf(again).stdout, 'once\n')
})

test('submit() tells a signal from an exit code', async (t) => {
  const client = await (await startAgent(t)).connect()
  const [killed, exited] = [jobSpec(shell('kill -9 $$')), jobSpec(shell('exit 137'))]
  await Promise.all([client.submit(killed), client.submit(exited)])
  const first = (await client.end(killed.jobId)).state
  const second = (await client.end(exited.jobId)).state
  assert.deepEqual(first.kind === 'failed' && first.failure, { kind: 'signal', signal: 9 })
  assert.deepEqual(second.kind === 'failed' && second.failure, { kind: 'exit', exitCode: 137 })
})

test('submit() of a program that is not there is a failed start in the words of Ansible', async (t) => {
  const client = await (await startAgent(t)).connect()
  const report = await client.submit(jobSpec(command('no-such-program')))
  assert.deepEqual(report.state.kind === 'failed' && report.state.failure, {
    kind: 'start',
    errno: 'ENOENT',
    message: "[Errno 2] No such file or directory: b'no-such-program'",
  })
})

test('submit() of an operation answers with its result', async (t) => {
  const client = await (await startAgent(t)).connect()
  const work = { kind: 'operation', operation: 'ping', argsJson: '{}' } as const
  const report = await client.submit(jobSpec(work))
  assert.equal(report.state.kind, 'succeeded')
  assert.deepEqual(JSON.parse(textOf(report).stdout), { changed: false, ping: 'pong' })
})
