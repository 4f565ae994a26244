import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { OutputChunk__Output } from '../../../proto/gen/errand/agent/v1/OutputChunk.ts'
import { limits } from '../../../proto/limits.ts'
import { waitFor } from '../../support/wait-for.ts'
import { command, jobSpec, shell, startAgent, type TestAgent } from './test-agent.ts'
import { textOf, type TestClient } from './test-client.ts'

const programs = join(import.meta.dirname, '../../fixtures/programs')

describe('output', () => {
  const cleanUps: (() => Promise<void>)[] = []
  let agent: TestAgent
  let client: TestClient
  before(async () => {
    agent = await startAgent({ after: (cleanUp) => cleanUps.push(cleanUp) })
    client = await agent.connect()
  })
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
  })

  test('is followed while it is written, to the end of the job', async () => {
    const go = join(agent.stateDir, 'go-follow')
    const spec = jobSpec(shell(`echo one; while [ ! -e ${go} ]; do sleep 0.05; done; echo two`))
    await client.submit(spec)
    let seen = ''
    const reading = (async () => {
      for await (const chunk of client.readOutput(spec.jobId, 'stdout', 0, true)) {
        seen += (chunk as OutputChunk__Output).data.toString('utf8')
      }
    })()
    await waitFor('the first line', () => seen === 'one\n')
    writeFileSync(go, '')
    await reading
    assert.equal(seen, 'one\ntwo\n')
  })

  test('is read from an offset, without follow only what is there', async () => {
    const spec = jobSpec(command(join(programs, 'noisy'), '1000'))
    await client.submit(spec)
    const end = await client.end(spec.jobId)
    const whole = await client.output(spec.jobId, 'stderr')
    assert.equal(whole.length, end.stderr.keptBytes)
    assert.equal(whole.split('\n').length, 1001)
    assert.equal(await client.output(spec.jobId, 'stderr', 100, false), whole.slice(100))
    assert.equal(await client.output(spec.jobId, 'stderr', whole.length, true), '')
  })

  test('of all jobs together is kept within bounds, and the job goes on', async (t) => {
    const small = await startAgent(t, { flags: ['--total-quota', '1000000'] })
    const asked = await small.connect()
    const write = 'head -c 900000 /dev/zero'
    const ended = jobSpec(shell(write))
    await asked.submit(ended)
    await asked.end(ended.jobId)
    asked.say({ kind: 'acknowledge', seq: Math.max(...asked.events.map(({ seq }) => seq)) })
    const go = join(small.stateDir, 'go')
    const spec = jobSpec(
      shell(`${write}; ${write}; echo up >&2; while [ ! -e ${go} ]; do sleep 0.05; done; ${write}`),
    )
    await asked.submit(spec)
    const cut = await waitFor('the output to be cut', async () => {
      const { stdout, stderr } = await asked.look(spec.jobId)
      return stdout.keptBytes < 1_800_000 && stderr.keptBytes > 0 ? stdout : undefined
    })
    const { keptBytes } = cut
    assert.ok([1_000_000, 999_997].includes(keptBytes), `${keptBytes} kept`) // `up` may have come first
    assert.equal(cut.droppedBytes, 1_800_000 - keptBytes)
    await assert.rejects(asked.output(ended.jobId, 'stdout'), /no job/u) // it went first
    writeFileSync(go, '')
    const end = await asked.end(spec.jobId)
    assert.equal(end.state.kind, 'succeeded')
    assert.deepEqual(end.stdout, { keptBytes, droppedBytes: 2_700_000 - keptBytes })
    assert.equal(await asked.output(spec.jobId, 'stderr'), 'up\n')
    assert.equal((await asked.output(spec.jobId, 'stdout')).length, keptBytes)
  })

  test('is kept as bytes, and comes beside the report when it is large', async () => {
    const bytes = randomBytes(limits.inlineOutputBytes + 1)
    const file = join(agent.stateDir, 'bytes')
    writeFileSync(file, bytes)
    const spec = jobSpec(command('cat', file))
    await client.submit(spec)
    const end = await client.end(spec.jobId)
    assert.equal(end.inlineOutput, undefined)
    const hash = createHash('sha256')
    for await (const chunk of client.readOutput(spec.jobId, 'stdout', 0, true))
      hash.update((chunk as OutputChunk__Output).data)
    assert.equal(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'))
  })

  test('of a background child after the end does not count', async () => {
    const go = join(agent.stateDir, 'go-late')
    const done = join(agent.stateDir, 'done-late')
    const spec = jobSpec(
      shell(`(while [ ! -e ${go} ]; do sleep 0.05; done; echo late; : > ${done}) & echo early`),
    )
    await client.submit(spec)
    const end = await client.end(spec.jobId)
    writeFileSync(go, '')
    await waitFor('the late line', () => {
      appendFileSync(done, '', { flag: 'r+' })
      return true
    })
    assert.equal(textOf(end).stdout, 'early\n')
    assert.equal(await client.output(spec.jobId, 'stdout'), 'early\n')
    assert.equal(textOf(await client.look(spec.jobId)).stdout, 'early\n')
  })

  test('standard input reaches the program and does not stay on the disk', async () => {
    const secret = randomBytes(20).toString('hex')
    const spec = jobSpec(command('cat'), { stdin: Buffer.from(secret) })
    await client.submit(spec)
    assert.equal(textOf(await client.end(spec.jobId)).stdout, secret)
    const { execFileSync } = await import('node:child_process')
    const grep = `grep -rl ${secret} ${agent.stateDir} || true`
    const files = execFileSync('sh', ['-c', grep]).toString().trim().split('\n')
    assert.deepEqual(
      files.map((file) => file.split('/').at(-1)),
      ['stdout'],
    )
  })

  test('forget() drops it all, and a late repeat starts nothing', async () => {
    const spec = jobSpec(shell('echo again >> "$HOME_OF_TEST/ran"'), {
      environment: { HOME_OF_TEST: agent.stateDir },
    })
    await client.submit(spec)
    await client.end(spec.jobId)
    await client.forget(spec.jobId)
    assert.equal((await client.submit(spec)).state.kind, 'succeeded')
    await assert.rejects(client.output(spec.jobId, 'stdout'), /no job/u)
    const { readFileSync } = await import('node:fs')
    assert.equal(readFileSync(join(agent.stateDir, 'ran'), 'utf8'), 'again\n')
  })

  test('creates and removes keep a command from starting, in the words of Ansible', async () => {
    const work = { kind: 'command', argv: ['false'], checkOnly: false } as const
    const created = await client.submit(jobSpec({ ...work, creates: '/etc/pass*d' }))
    assert.equal(created.state.kind, 'succeeded')
    assert.equal(created.skippedBecause, 'skipped, since /etc/pass*d exists')
    const removed = await client.submit(jobSpec({ ...work, removes: '/no/such*' }))
    assert.equal(removed.skippedBecause, 'skipped, since /no/such* does not exist')
    const checked = await client.submit(jobSpec({ ...work, checkOnly: true }))
    assert.equal(checked.skippedBecause, '')
  })

  test('a folder that is not there is a failed start in the words of Ansible', async () => {
    const report = await client.submit(jobSpec(command('true'), { cwd: '/nope' }))
    assert.equal(
      report.state.kind === 'failed' &&
        report.state.failure.kind === 'start' &&
        report.state.failure.message,
      "Unable to change directory before execution: [Errno 2] No such file or directory: b'/nope'",
    )
  })
})
