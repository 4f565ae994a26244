import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { waitFor } from '../../support/wait-for.ts'
import { TestHome } from './test-controller.ts'

test('errand run prints the run and has its exit code', async (t) => {
  const home = new TestHome(t)
  await home.startController()
  const good = await home.errand('run', 'site.yml', '-v')
  assert.equal(good.code, 0)
  assert.match(
    good.stdout,
    /^changed: \[web1\] => \{"changed": true, "rc": 0, "stdout": "hello"\}$/mu,
  )
  const broken = await home.errand('run', 'broken.yml')
  assert.deepEqual(broken, {
    code: 4,
    stdout: '',
    stderr: 'ERROR! broken.yml:1:1: not a playbook\n',
  })
  const runs = await home.errand('runs', '--json')
  assert.deepEqual(
    runs.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { exitCode: number }).exitCode),
    [4, 0],
  )
})

test('errand attach prints what errand run printed, in the middle and after the end', async (t) => {
  const home = new TestHome(t)
  const controller = await home.startController()
  const first = home.start('run', 'wait.yml')
  const firstSaid = home.said(first)
  const runId = await waitFor('the run', async () =>
    runIdOf((await home.errand('runs', '--json')).stdout),
  )
  const middle = home.said(home.start('attach', runId))
  controller.kill('SIGUSR2')
  const printed = await firstSaid
  assert.equal(printed.code, 0)
  assert.deepEqual(await middle, printed)
  assert.deepEqual(await home.errand('attach', runId), printed)
})

test('Ctrl-C asks the run to stop: exit code 99, and the run is recorded as interrupted', async (t) => {
  const home = new TestHome(t)
  await home.startController()
  const child = home.start('run', 'wait.yml')
  const said = home.said(child)
  let printed = ''
  child.stdout?.on('data', (data: Buffer) => (printed += data.toString()))
  await waitFor('the task to begin', () => printed.includes('TASK ['))
  child.kill('SIGINT')
  const { code, stderr } = await said
  assert.equal(code, 99)
  assert.equal(stderr, '[ERROR]: User interrupted execution\n')
  assert.match((await home.errand('runs', '--json')).stdout, /"state":"interrupted"/u)
})

test('a terminal that closes detaches: the run goes on to its end', async (t) => {
  const home = new TestHome(t)
  const controller = await home.startController()
  const child = home.start('run', 'wait.yml')
  let printed = ''
  child.stdout?.on('data', (data: Buffer) => (printed += data.toString()))
  await waitFor('the task to begin', () => printed.includes('TASK ['))
  child.kill('SIGHUP')
  await once(child, 'exit')
  controller.kill('SIGUSR2')
  await waitFor('the run to end', async () =>
    (await home.errand('runs', '--json')).stdout.includes('"exitCode":0'),
  )
})

test('jobs are listed, looked at, read, waited for and cancelled', async (t) => {
  const home = new TestHome(t)
  await home.startController()
  const run = await home.errand('run', 'job.yml')
  const [command, runId] = /errand wait --run (\S+)/u.exec(run.stdout) ?? []
  assert.ok(command !== undefined && runId !== undefined)
  const listed = await home.errand('jobs', '--run', runId, '--json')
  const job = JSON.parse(listed.stdout) as { jobId: string; state: string; host: string }
  assert.deepEqual([job.state, job.host], ['running', 'web1'])
  assert.match((await home.errand('status', job.jobId)).stdout, /^state +running$/mu)
  const logs = await home.errand('logs', job.jobId, '--offset', '7')
  assert.deepEqual(logs, { code: 0, stdout: 'of the job\n', stderr: 'stderr of the job\n' })
  const waiting = home.said(home.start('wait', '--run', runId))
  const cancelled = await home.errand('cancel', job.jobId)
  assert.equal(cancelled.code, 0)
  assert.match(cancelled.stdout, /cancelled/u)
  assert.equal((await waiting).code, 2)
  assert.equal((await home.errand('jobs', '--state', 'running', '--json')).stdout, '')
})

for (const [words, code, sentence] of [
  [['status', 'j1700000000000.000000000000'], 1, /no job j1700000000000\.000000000000/u],
  [['logs', 'nonsense'], 1, /"nonsense" is not a job id/u],
  [['wait', '--run', 'r0-none'], 1, /no run r0-none/u],
  [['attach', 'r0-none'], 1, /no run r0-none/u],
  [['cancel'], 1, /say which jobs/u],
  [['run'], 2, /missing required argument/u],
  [['run', 'a.yml', '--bogus'], 2, /unknown option '--bogus'/u],
  [['run', 'a.yml', '-f', 'many'], 2, /whole number/u],
  [['exec', 'all'], 5, /No argument passed to command module/u],
  [
    ['run', 'a.yml', '--vault-password-file', '/nowhere'],
    1,
    /The vault password file \/nowhere was not found/u,
  ],
] as const) {
  test(`errand ${words.join(' ')} says one clear sentence and exits with ${code}`, async (t) => {
    const home = new TestHome(t)
    await home.startController()
    const said = await home.errand(...words)
    assert.equal(said.code, code)
    assert.equal(said.stdout, '')
    assert.match(said.stderr, sentence)
    assert.doesNotMatch(said.stderr, / {4}at /u)
  })
}

test('errand ends quietly when the reader of its output has left', async (t) => {
  const home = new TestHome(t)
  await home.startController()
  const child = home.start('run', 'site.yml')
  child.stdout?.destroy()
  const [code] = (await once(child, 'exit')) as [number | null]
  assert.equal(code, 0)
})

test('errand install has the exit code of what went wrong on the way', async (t) => {
  const home = new TestHome(t)
  await home.startController()
  assert.deepEqual(await home.errand('install', 'all'), {
    code: 0,
    stdout: 'web1: done: the agent answers\n',
    stderr: '',
  })
  assert.equal((await home.errand('uninstall', 'all')).code, 4)
})

test('the command line starts a controller when none answers, once for many at the same time', async (t) => {
  const home = new TestHome(t)
  const all = await Promise.all(Array.from({ length: 3 }, () => home.errand('runs')))
  for (const said of all) assert.deepEqual(said, { code: 0, stdout: '', stderr: 'no runs\n' })
  const status = await home.errand('controller', 'status', '--json')
  const { pid, home: folder } = JSON.parse(status.stdout) as { pid: number; home: string }
  assert.equal(folder, home.folder)
  assert.equal(statSync(home.folder).mode & 0o077, 0)
  assert.equal((await home.errand('controller', 'stop')).code, 0)
  await waitFor('the process to be gone', () => !isAlive(pid))
  assert.equal((await home.errand('controller', 'status')).code, 1)
})

test('a command whose controller dies before it has answered asks the next one', async (t) => {
  const home = new TestHome(t)
  writeFileSync(join(home.folder, 'play.yml'), '- hosts: nobody\n  tasks: []\n')
  for (const [words, expected] of [
    [['jobs'], 'no jobs\n'],
    [['run', '-i', 'localhost,', 'play.yml'], 'skipping: no hosts matched'],
  ] as const) {
    const controller = await home.startController()
    controller.kill('SIGSTOP')
    const asked = home.said(home.start(...words))
    await waitFor('the question', () => connectionsTo(home.socket) > 1)
    controller.kill('SIGKILL')
    const { code, stdout, stderr } = await asked
    assert.equal(code, 0, stderr)
    assert.ok(`${stdout}${stderr}`.includes(expected), `${stdout}${stderr}`)
    await home.errand('controller', 'stop')
  }
  const { stdout } = await home.errand('runs', '--json')
  assert.equal(stdout.trim().split('\n').length, 1)
})

test('a controller that cannot start is told of with its reason', async (t) => {
  const home = new TestHome(t)
  writeFileSync(join(home.folder, 'errand.db'), 'this is no database'.repeat(100))
  const said = await home.errand('runs')
  assert.equal(said.code, 4)
  assert.match(
    said.stderr,
    /^errand: the controller could not be started: the record .* is damaged/u,
  )
})

function runIdOf(json: string): string | undefined {
  return /"runId":"([^"]+)"/u.exec(json)?.[1]
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false // Nobody has that number.
  }
}

/** Sockets of this name: the one that listens, and one for each connection. */
function connectionsTo(socket: string): number {
  const all = readFileSync('/proc/net/unix', 'utf8').split('\n')
  return all.filter((line) => line.endsWith(` ${socket}`)).length
}
