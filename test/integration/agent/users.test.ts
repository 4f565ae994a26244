import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { send } from '../../../proto/stream.ts'
import type { RunAs } from '../../../proto/job.ts'
import { waitFor } from '../../support/wait-for.ts'
import { accountsHost, accountsSkipReason, has, tester } from './accounts-host.ts'
import { command, enrolledAgent, jobSpec, shell, type TestAgent } from './test-agent.ts'
import { textOf, type TestClient } from './test-client.ts'

const asTester: RunAs = { user: 'tester', method: 'none' }

for (const change of ['setpriv', 'su'] as const) {
  describe(`an agent of root that has ${change}`, { skip: accountsSkipReason() }, () => {
    const cleanUps: (() => Promise<void>)[] = []
    let agent: TestAgent
    let client: TestClient
    let home = ''
    before(async () => {
      const owner = { after: (cleanUp: () => Promise<void>) => cleanUps.unshift(cleanUp) }
      const host = accountsHost(owner)
      ;({ home } = host)
      agent = await enrolledAgent(owner, change === 'su' ? ['--change-user', 'su'] : [])
      agent.wrap = host.wrap
      await agent.start()
      client = await agent.connect()
    })
    after(async () => {
      for (const cleanUp of cleanUps) await cleanUp()
    })

    test('runs a job as the user, in the home, with groups, variables and umask of that user', async () => {
      const script =
        'id -un; id -gn; id -G; pwd; echo "$HOME $USER $LOGNAME $SHELL"; umask; echo "$EXTRA"'
      const spec = jobSpec(shell(script), { runAs: asTester, environment: { EXTRA: 'more' } })
      await client.submit(spec)
      const end = await client.end(spec.jobId)
      assert.deepEqual(textOf(end), {
        stdout: `tester\ntester\n${tester.gid} ${tester.helpers}\n${home}\n${home} tester tester /bin/sh\n0022\nmore\n`,
        stderr: '',
      })
    })

    test('keeps standard input, exit code and time limit for another user', async () => {
      const spec = jobSpec(shell('cat; exit 4'), { runAs: asTester, stdin: Buffer.from('in') })
      await client.submit(spec)
      const end = await client.end(spec.jobId)
      assert.equal(textOf(end).stdout, 'in')
      assert.deepEqual(end.state.kind === 'failed' && end.state.failure, {
        kind: 'exit',
        exitCode: 4,
      })
      const slow = jobSpec(command('sleep', '1000'), {
        runAs: asTester,
        timeLimitMs: 300,
        graceMs: 100,
      })
      await client.submit(slow)
      assert.equal((await client.end(slow.jobId)).state.kind, 'timed_out')
    })

    test('does an operation as the user', async () => {
      const args = JSON.stringify({ path: '~/made', state: 'directory', mode: '0750' })
      const spec = jobSpec(
        { kind: 'operation', operation: 'file', argsJson: args },
        { runAs: asTester },
      )
      await client.submit(spec)
      const result = JSON.parse(textOf(await client.end(spec.jobId)).stdout) as Record<
        string,
        unknown
      >
      assert.deepEqual(
        [result['owner'], result['path'], result['mode']],
        ['tester', `${home}/made`, '0750'],
      )
    })

    test('runs and copies an uploaded file as the user, and then it is gone', async () => {
      await upload(client, 'u-program', '#!/bin/sh\nid -un\n')
      const spec = jobSpec(
        { kind: 'command', argv: ['x'], checkOnly: false, uploadId: 'u-program' },
        { runAs: asTester },
      )
      await client.submit(spec)
      assert.equal(textOf(await client.end(spec.jobId)).stdout, 'tester\n')
      await upload(client, 'u-file', 'content')
      const argsJson = JSON.stringify({ _upload: 'u-file', dest: '~/file', mode: '0600' })
      const copy = jobSpec({ kind: 'operation', operation: 'copy', argsJson }, { runAs: asTester })
      await client.submit(copy)
      const result = JSON.parse(textOf(await client.end(copy.jobId)).stdout) as Record<
        string,
        unknown
      >
      assert.deepEqual(
        [result['changed'], result['owner'], result['mode']],
        [true, 'tester', '0600'],
      )
      const left = execFileSync('find', [agent.stateDir, '-name', 'u-*']).toString()
      assert.equal(left, '')
    })

    test('does not start a job of an unknown user', async () => {
      const report = await client.submit(
        jobSpec(command('id'), { runAs: { user: 'nobody-here', method: 'none' } }),
      )
      assert.match(JSON.stringify(report.state), /user nobody-here does not exist on this host/u)
    })
  })
}

describe(
  'an agent of a user',
  { skip: accountsSkipReason() || (has('sudo') ? false : 'needs sudo') },
  () => {
    const cleanUps: (() => Promise<void>)[] = []
    let agent: TestAgent
    let client: TestClient
    before(async () => {
      const owner = { after: (cleanUp: () => Promise<void>) => cleanUps.unshift(cleanUp) }
      const host = accountsHost(owner)
      agent = await enrolledAgent(owner)
      execFileSync('chown', ['-R', `${tester.uid}:${tester.gid}`, agent.stateDir])
      chmodSync(agent.stateDir, 0o711)
      agent.wrap = [
        ...host.wrap,
        'setpriv',
        `--reuid=${tester.uid}`,
        `--regid=${tester.gid}`,
        '--init-groups',
        '--',
      ]
      await agent.start()
      client = await agent.connect()
    })
    after(async () => {
      for (const cleanUp of cleanUps) await cleanUp()
    })

    test('says who it is', () => {
      assert.deepEqual([client.welcome?.user, client.welcome?.isRoot], ['tester', false])
    })

    test('becomes root through sudo, which sees password, variables and input, and nobody else does', async () => {
      const runAs: RunAs = { user: 'root', method: 'sudo', password: tester.password }
      const spec = jobSpec(
        shell('id -un; echo "$MARK"; cat; cat /proc/$PPID/cmdline | tr "\\0" " "'),
        {
          runAs,
          environment: { MARK: "it's\ntwo lines" },
          stdin: Buffer.from('input\n'),
          cwd: '/',
        },
      )
      await client.submit(spec)
      const { stdout, stderr } = textOf(await client.end(spec.jobId))
      assert.equal(stderr, '')
      assert.match(stdout, /^root\nit's\ntwo lines\ninput\n/u)
      assert.doesNotMatch(stdout, /sesame/u)
      const found = execFileSync('sh', [
        '-c',
        `grep -rl "${tester.password}" ${agent.stateDir} || true`,
      ]).toString()
      assert.equal(found, '')
    })

    test('says when the sudo password is wrong, or missing', async () => {
      const wrong = await client.submit(
        jobSpec(command('id'), { runAs: { user: 'root', method: 'sudo', password: 'no' } }),
      )
      assert.match(JSON.stringify(wrong.state), /Incorrect sudo password/u)
      const missing = await client.submit(
        jobSpec(command('id'), { runAs: { user: 'root', method: 'sudo' } }),
      )
      assert.match(JSON.stringify(missing.state), /Missing sudo password/u)
    })

    test('ends a job of another user through sudo, on cancel and at the time limit', async () => {
      const runAs: RunAs = { user: 'nobody', method: 'sudo' }
      const child = 'setsid sh -c "sleep 1000; :" "$0" &'
      const script = `trap "" TERM; ${child} echo ready; while :; do sleep 1; done`
      const mark = `errand-sudo-${process.pid}-${Date.now()}`
      const tree = command('/bin/sh', '-c', script, mark)
      const cancelled = jobSpec(tree, { runAs, cwd: '/' })
      await client.submit(cancelled)
      await waitFor(
        'the tree',
        async () => (await client.output(cancelled.jobId, 'stdout', 0, false)) !== '',
      )
      assert.ok(processesNamed(mark).length >= 2)
      await client.cancel(cancelled.jobId, 100)
      assert.equal((await client.end(cancelled.jobId)).state.kind, 'cancelled')
      const limited = jobSpec(tree, { runAs, cwd: '/', timeLimitMs: 1000, graceMs: 100 })
      await client.submit(limited)
      assert.equal((await client.end(limited.jobId)).state.kind, 'timed_out')
      assert.deepEqual(processesNamed(mark), [])
    })

    test('says that it cannot end what sudo started by a password', async () => {
      const runAs: RunAs = { user: 'root', method: 'sudo', password: tester.password }
      const go = `${agent.stateDir}/go`
      const spec = jobSpec(shell(`while [ ! -e ${go} ]; do sleep 0.05; done`), { runAs, cwd: '/' })
      await client.submit(spec)
      await assert.rejects(client.cancel(spec.jobId, 100), /sudo password that is not kept/u)
      assert.equal((await client.look(spec.jobId)).state.kind, 'running')
      writeFileSync(go, '')
      assert.equal((await client.end(spec.jobId)).state.kind, 'succeeded')
    })

    test('says that su cannot be used, and why', async () => {
      const report = await client.submit(
        jobSpec(command('id'), { runAs: { user: 'root', method: 'su', password: 'x' } }),
      )
      assert.match(JSON.stringify(report.state), /su asks for its password on a terminal/u)
    })
  },
)

/** Living processes that have `mark` among their arguments. */
function processesNamed(mark: string): readonly string[] {
  const script = `grep -lz "^${mark}$" /proc/[0-9]*/cmdline 2>/dev/null || true`
  const files = execFileSync('sh', ['-c', script]).toString().split('\n')
  return files.filter((file) => file !== '')
}

async function upload(client: TestClient, uploadId: string, content: string): Promise<void> {
  const { signal } = new AbortController()
  const data = Buffer.from(content)
  await new Promise<void>((resolve, reject) => {
    const call = client.client.upload((error) => {
      if (error) reject(error)
      else resolve()
    })
    const sha256 = createHash('sha256').update(data).digest('hex')
    void (async () => {
      await send(call, { head: { uploadId, bytes: data.length, sha256 } }, signal)
      await send(call, { data }, signal)
      call.end()
    })()
  })
}
