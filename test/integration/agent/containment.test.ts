import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { JobSpec } from '../../../proto/job.ts'
import { waitFor } from '../../support/wait-for.ts'
import { command, jobSpec, shell, startAgent, type TestAgent } from './test-agent.ts'
import { textOf, type TestClient } from './test-client.ts'

const programs = join(import.meta.dirname, '../../fixtures/programs')

/** Each kind of host: what holds a job's tree together, and which shell its shims run in. */
const kinds = [
  { name: 'dash, by cgroup', flags: ['--shell', 'dash'], needs: 'dash' },
  { name: 'dash, by session', flags: ['--shell', 'dash', '--no-cgroup'], needs: 'dash' },
  {
    name: 'busybox sh, by session',
    flags: ['--shell', 'busybox sh', '--no-cgroup'],
    needs: 'busybox',
  },
  { name: 'bash, by session', flags: ['--shell', 'bash', '--no-cgroup'], needs: 'bash' },
]

for (const { name, flags, needs } of kinds) {
  describe(name, { skip: has(needs) ? false : `there is no ${needs} here` }, () => {
    const cleanUps: (() => Promise<void>)[] = []
    let agent: TestAgent
    let client: TestClient
    before(async () => {
      agent = await startAgent({ after: (cleanUp) => cleanUps.push(cleanUp) }, { flags })
      client = await agent.connect()
    })
    after(async () => {
      for (const cleanUp of cleanUps) await cleanUp()
    })

    test('a time limit ends a stubborn tree and leaves no process', async () => {
      const { spec, mark } = stubborn({ timeLimitMs: 1000, graceMs: 300 })
      await client.submit(spec)
      await waitFor('the whole tree', () => carrying(mark).length >= 4)
      const end = await client.end(spec.jobId)
      assert.equal(end.state.kind, 'timed_out')
      assert.deepEqual(carrying(mark), [])
    })

    test('cancel() ends a stubborn tree and leaves no process', async () => {
      const { spec, mark } = stubborn({})
      await client.submit(spec)
      await waitFor('the whole tree', () => carrying(mark).length >= 4)
      const answer = await client.cancel(spec.jobId, 200)
      assert.equal(answer.state.kind, 'running')
      const end = await client.end(spec.jobId)
      assert.equal(end.state.kind, 'cancelled')
      assert.deepEqual(carrying(mark), [])
    })

    test('cancel() asks politely first', async () => {
      const spec = jobSpec(command(join(programs, 'polite')))
      await client.submit(spec)
      await waitFor('it to be ready', async () =>
        (await client.output(spec.jobId, 'stdout', 0, false)).includes('ready'),
      )
      await client.cancel(spec.jobId, 60_000)
      const end = await client.end(spec.jobId)
      assert.equal(end.state.kind, 'cancelled')
      assert.equal(textOf(end).stdout, 'ready\nbye\n')
    })

    test('a background child that holds the output does not keep the job from ending', async () => {
      const mark = `errand-left-${process.pid}-${Date.now()}`
      const spec = jobSpec(
        shell(`sh -c 'echo left; while :; do sleep 1; done' ${mark} & echo started`),
      )
      await client.submit(spec)
      const end = await client.end(spec.jobId)
      assert.equal(end.state.kind, 'succeeded')
      assert.equal(carrying(mark).length, 1)
      for (const pid of carrying(mark)) process.kill(pid, 'SIGKILL')
    })

    test('a program starts with no signal ignored', async () => {
      const spec = jobSpec(command('grep', 'SigIgn', '/proc/self/status'))
      await client.submit(spec)
      assert.match(textOf(await client.end(spec.jobId)).stdout, /SigIgn:\s*0{16}/u)
    })

    test('variables of the shim do not reach the program', async () => {
      const spec = jobSpec(command('env'), {
        environment: { MARK: 'a b\n$c', end: 'kept', status: '7' },
      })
      await client.submit(spec)
      const { stdout } = textOf(await client.end(spec.jobId))
      assert.match(stdout, /^MARK=a b\n\$c$/mu)
      assert.match(stdout, /^end=kept$/mu)
      assert.match(stdout, /^status=7$/mu)
      assert.doesNotMatch(stdout, /errand_|ERRAND_SHIM/u)
    })
  })
}

function stubborn(more: Partial<JobSpec>) {
  const mark = `errand-stubborn-${process.pid}-${Date.now()}`
  return { mark, spec: jobSpec(command(join(programs, 'stubborn'), mark), more) }
}

/** Living processes that have `mark` among their arguments. */
function carrying(mark: string): readonly number[] {
  const found: number[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name)) continue
    try {
      const isZombie = readFileSync(`/proc/${name}/stat`, 'latin1').includes(') Z ')
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')
      // The shim has the mark in its arguments too, and ends a moment after the job.
      if (!isZombie && words.includes(mark) && !words.some((word) => word.includes('/shim-')))
        found.push(Number(name))
    } catch {
      // It has ended meanwhile.
    }
  }
  return found
}

function has(program: string): boolean {
  try {
    execFileSync('which', [program])
    return true
  } catch {
    return false
  }
}
