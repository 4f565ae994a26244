import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Lab as RunningLab } from '../lab/lab.ts'
import { Errand } from '../support/errand.ts'
import { Lab } from '../support/lab.ts'
import { waitFor } from '../support/wait-for.ts'

const skip = Lab.skipReason()

/** Ignores TERM, forks, and has a grandchild in a session of its own that ignores it too. All are named `mark`. */
function stubborn(mark: string): string {
  const child = `trap "" TERM; while :; do sleep 1; done`
  return `trap "" TERM; : ${mark}; setsid sh -c '${child}; : ${mark}' & sh -c '${child}; : ${mark}' & while :; do sleep 1; done`
}

async function processesNamed(lab: RunningLab, mark: string): Promise<readonly string[]> {
  const script = `for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <"$f" 2>/dev/null | grep -q "[:] ${mark}" && echo "$f"; done; true`
  const { stdout } = await lab.host(1).run(script)
  return stdout.split('\n').filter((line) => line !== '')
}

test('async ends a stubborn tree at its limit and leaves nothing of it', { skip }, async (t) => {
  const lab = await Lab.start(t)
  const errand = await Errand.start(t, lab)
  await errand.write('stubborn.sh', stubborn('marked'))
  await errand.write(
    'site.yml',
    `- hosts: all
  gather_facts: false
  tasks:
    - shell: "{{ lookup('file', 'stubborn.sh') }}"
      async: 2
      poll: 1
`,
  )
  const run = await errand.run(['run', '-i', 'hosts', 'site.yml'])
  assert.equal(run.code, 2, run.stderr)
  assert.match(run.stdout, /"msg": "Timeout exceeded"/u)
  assert.deepEqual(await processesNamed(lab, 'marked'), [])
  const [job] = await errand.json(['jobs'])
  assert.equal(job?.['state'], 'timed_out')
})

test('cancel ends a stubborn tree and leaves nothing of it', { skip }, async (t) => {
  const lab = await Lab.start(t)
  const errand = await Errand.start(t, lab)
  const args = ['exec', '-i', 'hosts', 'all', '-B', '600', '-P', '0', '-m', 'shell', '-a']
  const started = await errand.run([...args, stubborn('marked')])
  assert.equal(started.code, 0, started.stderr)
  await waitFor('the tree to stand', async () => (await processesNamed(lab, 'marked')).length >= 3)
  const [job] = await errand.json(['jobs', '--state', 'running'])
  const cancelled = await errand.run(['cancel', String(job?.['jobId'])])
  assert.equal(cancelled.code, 0, cancelled.stderr)
  assert.deepEqual(await processesNamed(lab, 'marked'), [])
  const [after] = await errand.json(['status', String(job?.['jobId'])])
  assert.equal(after?.['state'], 'cancelled')
  assert.equal(after['containment'], 'cgroup')
  const { cpuMs } = after['usage'] as { readonly cpuMs: number }
  assert.ok(cpuMs > 0)
  const status = await errand.run(['status', String(job?.['jobId'])])
  assert.match(status.stdout, /^used +cpu time \d+\.\d s/mu)
})

test(
  'a job outlives kill -9 of its agent: same job, right end, all output',
  { skip },
  async (t) => {
    const lab = await Lab.start(t)
    const errand = await Errand.start(t, lab)
    const host = lab.host(1)
    const script =
      'echo one; echo $$ >/tmp/started; while [ ! -e /tmp/go ]; do sleep 0.1; done; echo two; exit 3'
    const args = ['exec', '-i', 'hosts', 'all', '-B', '600', '-P', '0', '-m', 'shell', '-a', script]
    assert.equal((await errand.run(args)).code, 0)
    await waitFor(
      'the job to be started',
      async () => (await host.run('test -s /tmp/started')).code === 0,
    )
    const [job] = await errand.json(['jobs'])
    const jobId = String(job?.['jobId'])
    await host.run(`pkill -KILL -f '[e]rrand-agent.* serve'`)
    const shell = (await host.run('cat /tmp/started')).stdout.trim()
    assert.equal((await host.run(`kill -0 ${shell}`)).code, 0, 'the job died with the agent')
    await host.run('touch /tmp/go')
    // The next contact starts the agent again.
    assert.equal((await errand.run(['exec', '-i', 'hosts', 'all', '-m', 'ping'])).code, 0)
    const waited = await errand.run(['wait', jobId])
    assert.equal(waited.code, 2, waited.stdout + waited.stderr)
    const [after] = await errand.json(['status', jobId])
    assert.deepEqual([after?.['state'], after?.['exitCode']], ['failed', 3])
    assert.equal((await errand.run(['logs', jobId])).stdout, 'one\ntwo\n')
  },
)

test('every submit may come twice: nothing runs twice', { skip }, async (t) => {
  const lab = await Lab.start(t)
  const errand = await Errand.start(t, lab, { env: { ERRAND_TEST_REPEAT_SUBMITS: '1' } })
  await errand.write(
    'site.yml',
    `- hosts: all
  gather_facts: false
  tasks:
    - shell: echo sync >>/tmp/lines
    - shell: echo async >>/tmp/lines
      async: 60
      poll: 1
    - shell: echo fired >>/tmp/lines
      async: 60
      poll: 0
      register: fired
    - async_status: jid={{ fired.ansible_job_id }}
      register: status
      until: status.finished
`,
  )
  const run = await errand.run(['run', '-i', 'hosts', 'site.yml'])
  assert.equal(run.code, 0, run.stdout + run.stderr)
  assert.equal((await lab.host(1).run('sort /tmp/lines')).stdout, 'async\nfired\nsync\n')
})

test('a host that lost power says lost, with the evidence', { skip }, async (t) => {
  const lab = await Lab.start(t)
  const errand = await Errand.start(t, lab)
  const args = ['exec', '-i', 'hosts', 'all', '-B', '600', '-P', '0', '-a', 'sleep 600']
  assert.equal((await errand.run(args)).code, 0)
  const [job] = await errand.json(['jobs'])
  const jobId = String(job?.['jobId'])
  await errand.run(['controller', 'stop'])
  await lab.host(1).crash()
  await lab.host(1).boot()
  // Nothing starts the agent on this host at boot, and the run that began the job is long over.
  assert.equal((await errand.run(['wait', jobId])).code, 2)
  const [after] = await errand.json(['status', jobId])
  assert.equal(after?.['state'], 'lost', JSON.stringify(after))
  assert.match(String(after?.['detail']), /rebooted|gone/u)
})

test('a lock lets one job at a time run on a host, across runs', { skip }, async (t) => {
  const lab = await Lab.start(t)
  const errand = await Errand.start(t, lab)
  const exec = ['exec', '-i', 'hosts', 'all', '--lock', 'db']
  const first = [...exec, '-B', '60', '-P', '0', '--', 'sleep', '600']
  assert.equal((await errand.run(first)).code, 0)
  assert.equal((await errand.run([...exec, '--detach', '--', 'echo', 'second'])).code, 0)
  const [queued] = await waitFor('the second to wait', async () => {
    const jobs = await errand.json(['jobs', '--state', 'queued'])
    return jobs.length > 0 ? jobs : undefined
  })
  const [holder] = await errand.json(['jobs', '--state', 'running'])
  assert.deepEqual(queued?.['holder'], {
    jobId: holder?.['jobId'],
    runId: holder?.['runId'],
    name: holder?.['name'],
  })
  const status = await errand.run(['status', String(queued['jobId'])])
  assert.match(status.stdout, /^waits +for the lock db, which has j\d+\.\d+ of run r/mu)
  assert.equal((await errand.run(['cancel', String(holder?.['jobId'])])).code, 0)
  const waited = await errand.run(['wait', String(queued['jobId'])])
  assert.equal(waited.code, 0, waited.stdout + waited.stderr)
  const wrong = await errand.run([...exec.slice(0, -1), 'a b', '--', 'true'])
  assert.match(wrong.stderr, /--lock takes a name of 1 to 100 letters.*, not "a b"/u)
  assert.equal(wrong.code, 1)
})

test(
  'a job for a host that is away waits, and starts once when it is back',
  { skip },
  async (t) => {
    const lab = await Lab.start(t)
    const errand = await Errand.start(t, lab)
    const exec = ['exec', '-i', 'hosts', '-T', '3', '--when-reachable', 'all']
    const command = ['--', 'sh', '-c', 'echo once >>/tmp/delivered']
    await lab.host(1).crash()
    const away = await errand.run([...exec, '--expires', '2d', ...command])
    assert.equal(away.code, 0, away.stdout + away.stderr)
    assert.match(
      away.stdout,
      / \| WAITING \| job j\d+\.\d+ starts when the host is back, expires \d{4}-/u,
    )
    assert.match(away.stderr, /the rest waits: errand attach r/u)
    const brief = await errand.run([...exec, '--expires', '1s', ...command])
    const [expiring, waiting] = await errand.json(['jobs'])
    assert.equal(waiting?.['state'], 'waiting')
    assert.match(
      (await errand.run(['jobs'])).stdout,
      / waiting .* its host is away, expires \d{4}-/u,
    )
    const expired = await errand.run(['wait', String(expiring?.['jobId'])])
    assert.equal(expired.code, 4, expired.stdout + brief.stdout)
    assert.match(expired.stdout, / expired after /u)
    assert.equal((await errand.run([...exec, ...command])).code, 0)
    const [cancelled] = await errand.json(['jobs', '--state', 'waiting'])
    const cancel = await errand.run(['cancel', String(cancelled?.['jobId'])])
    assert.match(cancel.stdout, / cancelled after /u)
    await errand.run(['controller', 'stop'])
    await lab.host(1).boot()
    const wait = await errand.run(['wait', String(waiting['jobId'])])
    assert.equal(wait.code, 0, wait.stdout + wait.stderr)
    const { stdout } = await lab.host(1).run('cat /tmp/delivered')
    assert.equal(stdout, 'once\n')
    const zero = await errand.run([...exec, '--expires', '0s', ...command])
    assert.match(zero.stderr, /--expires must be longer than 0/u)
  },
)

test('logs -f follows both streams and resumes at an offset', { skip }, async (t) => {
  const lab = await Lab.start(t)
  const errand = await Errand.start(t, lab)
  const script = 'echo out1; echo err1 >&2; while [ ! -e /tmp/go ]; do sleep 0.1; done; echo out2'
  const args = ['exec', '-i', 'hosts', 'all', '-B', '600', '-P', '0', '-m', 'shell', '-a', script]
  assert.equal((await errand.run(args)).code, 0)
  const [job] = await errand.json(['jobs'])
  const jobId = String(job?.['jobId'])
  const follower = errand.spawn(['logs', '-f', jobId])
  let seen = ''
  let seenErrors = ''
  follower.stdout.on('data', (data: Buffer) => (seen += data.toString()))
  follower.stderr.on('data', (data: Buffer) => (seenErrors += data.toString()))
  const ended = new Promise<number | null>((resolve) => follower.once('close', resolve))
  await waitFor('the first lines', () => seen.includes('out1') && seenErrors.includes('err1'))
  assert.ok(!seen.includes('out2'))
  await lab.host(1).run('touch /tmp/go')
  assert.equal(await ended, 0)
  assert.equal(seen, 'out1\nout2\n')
  const rest = await errand.run(['logs', '--offset', '5', jobId])
  assert.equal(rest.stdout, 'out2\n')
})
