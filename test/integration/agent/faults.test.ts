import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { JobSpec } from '../../../proto/job.ts'
import { waitFor } from '../../support/wait-for.ts'
import { enrolledAgent, jobSpec, shell, type TestAgent } from './test-agent.ts'
import { textOf, type TestClient } from './test-client.ts'

const isRoot = process.getuid?.() === 0
const skip = isRoot ? false : 'only root may mount and limit'

test(
  'no inodes: nothing new is started, what runs ends well, and space helps by itself',
  { skip },
  async (t) => {
    const { agent, prepare } = await stage(t)
    const spool = join(agent.stateDir, 'spool')
    mkdirSync(spool)
    prepare(
      ['mount', '-t', 'tmpfs', '-o', 'size=20m,nr_inodes=100', 'none', spool],
      ['umount', '-l', spool],
    )
    await agent.start()
    const client = await agent.connect()
    const { spec, go } = await waitingJob(agent, client)
    const fill = join(spool, 'fill')
    mkdirSync(fill)
    assert.throws(() => {
      for (let number = 0; ; number += 1) writeFileSync(join(fill, String(number)), '')
    }, /ENOSPC/u)
    const late = jobSpec(shell('echo late'))
    await assert.rejects(client.submit(late), { code: 'exhausted', message: /no inodes left/u })
    await agent.kill('SIGKILL')
    await agent.start()
    const after = await agent.connect()
    await assert.rejects(after.submit(late), { code: 'exhausted', message: /no inodes left/u })
    await endsWell(after, spec, go)
    rmSync(fill, { recursive: true })
    await after.submit(late)
    assert.equal(textOf(await after.end(late.jobId)).stdout, 'late\n')
  },
)

test(
  'a disk that is nearly full keeps its reserve: output is dropped and counted',
  { skip },
  async (t) => {
    const { agent, prepare } = await stage(t)
    const spool = join(agent.stateDir, 'spool')
    mkdirSync(spool)
    prepare(['mount', '-t', 'tmpfs', '-o', 'size=20m', 'none', spool], ['umount', '-l', spool])
    await agent.start()
    const client = await agent.connect()
    const wrote = join(agent.stateDir, 'wrote')
    const go = join(agent.stateDir, 'go-much')
    const much = jobSpec(
      shell(`head -c 19000000 /dev/zero; : >${wrote}; until [ -e ${go} ]; do sleep 0.05; done`),
    )
    await client.submit(much)
    await waitFor('the disk to be nearly full', () => existsSync(wrote))
    const { stdout } = await waitFor('output to be dropped', async () => {
      const report = await client.look(much.jobId)
      return report.stdout.droppedBytes > 0 ? report : undefined
    })
    assert.equal(stdout.keptBytes + stdout.droppedBytes, 19_000_000)
    // A tenth of the disk is free for ends and small results.
    assert.ok(stdout.keptBytes < 18_900_000 && stdout.keptBytes > 18_000_000, `${stdout.keptBytes}`)
    const small = jobSpec(shell('echo small'))
    await client.submit(small)
    assert.equal(textOf(await client.end(small.jobId)).stdout, 'small\n')
    writeFileSync(go, '')
    const end = await client.end(much.jobId)
    assert.deepEqual([end.state.kind, end.stdout], ['succeeded', stdout])
  },
)

test(
  'no processes: a job fails to start and says why, what runs goes on, the next one starts',
  { skip },
  async (t) => {
    const { agent, prepare } = await stage(t)
    const cgroup = limitable('pids', 'pids.max')
    if (cgroup === undefined) return t.skip('no cgroup here limits processes')
    prepare(['mkdir', cgroup], ['rmdir', cgroup])
    await agent.start()
    writeFileSync(join(cgroup, 'cgroup.procs'), String(agent.process?.pid))
    const client = await agent.connect()
    const { spec, go } = await waitingJob(agent, client)
    writeFileSync(join(cgroup, 'pids.max'), '1')
    const late = jobSpec(shell('echo late'))
    const { state } = await client.submit(late)
    assert.ok(state.kind === 'failed' && state.failure.kind === 'start', state.kind)
    assert.match(state.failure.message, /the host is out of processes or memory/u)
    assert.equal((await client.look(spec.jobId)).state.kind, 'running')
    writeFileSync(join(cgroup, 'pids.max'), 'max')
    const next = jobSpec(shell('echo next'))
    await client.submit(next)
    assert.equal(textOf(await client.end(next.jobId)).stdout, 'next\n')
    await endsWell(client, spec, go)
  },
)

test(
  'no memory: the job that wants too much is killed and its end says so, others go on',
  { skip },
  async (t) => {
    const { agent, prepare } = await stage(t)
    const limit = ['memory.max', 'memory.limit_in_bytes']
    const name = limit.find((file) => limitable('memory', file) !== undefined)
    const cgroup = limitable('memory', name ?? '')
    if (cgroup === undefined || name === undefined) return t.skip('no cgroup here limits memory')
    prepare(['mkdir', cgroup], ['rmdir', cgroup])
    writeFileSync(join(cgroup, name), String(20 * 1024 ** 2))
    await agent.start()
    const client = await agent.connect()
    const { spec, go } = await waitingJob(agent, client)
    const eat = 'const eaten = []; for (;;) eaten.push(Buffer.alloc(1e6, 1))'
    const greedy = jobSpec(
      shell(`echo $$ >${cgroup}/cgroup.procs && exec ${process.execPath} -e '${eat}'`),
    )
    await client.submit(greedy)
    const { state } = await client.end(greedy.jobId)
    assert.deepEqual(state.kind === 'failed' && state.failure, { kind: 'signal', signal: 9 })
    await endsWell(client, spec, go)
  },
)

/** An agent that does not run yet; what `prepare` does to the host is undone after its end. */
async function stage(t: TestContext) {
  const cleanUps: (() => Promise<void> | void)[] = []
  t.after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
  })
  const agent = await enrolledAgent({ after: (cleanUp) => cleanUps.unshift(cleanUp) })
  const prepare = (argv: readonly string[], undo: readonly string[]) => {
    run(argv)
    cleanUps.unshift(async () => {
      await agent.kill('SIGKILL')
      await waitFor(undo.join(' '), () => {
        run(undo)
        return true
      })
    })
  }
  return { agent, prepare }
}

function run([program = '', ...words]: readonly string[]): void {
  execFileSync(program, words, { stdio: 'pipe' })
}

async function waitingJob(agent: TestAgent, client: TestClient) {
  const go = join(agent.stateDir, 'go')
  run(['mkfifo', go])
  // Needs no process to wait.
  const spec = jobSpec(shell(`echo one; read -r line <${go}; echo two; exit 5`))
  await client.submit(spec)
  return { spec, go }
}

async function endsWell(client: TestClient, { jobId }: JobSpec, go: string): Promise<void> {
  writeFileSync(go, 'go\n')
  const end = await client.end(jobId)
  assert.deepEqual(end.state.kind === 'failed' && end.state.failure, { kind: 'exit', exitCode: 5 })
  assert.equal(textOf(end).stdout, 'one\ntwo\n')
}

/** A cgroup to make that can be limited by this file, of either version; undefined where there is none. */
function limitable(controller: string, file: string): string | undefined {
  for (const parent of [join('/sys/fs/cgroup', controller), '/sys/fs/cgroup']) {
    const dir = join(parent, `errand-fault-${process.pid}`)
    try {
      mkdirSync(dir)
      const has = readdirSync(dir).includes(file)
      rmdirSync(dir)
      if (has) return dir
    } catch {
      // Not there, or not ours.
    }
  }
  return undefined
}
