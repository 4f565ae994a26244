import assert from 'node:assert/strict'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Lab as RunningLab } from '../lab/lab.ts'
import { Errand } from '../support/errand.ts'
import { Lab } from '../support/lab.ts'
import { waitFor } from '../support/wait-for.ts'

const skip = Lab.skipReason()
const example = join(import.meta.dirname, '../../deploy/example')

/** The example as it stands, on two hosts, with monitors that run as long as told. */
async function exampleOn(t: TestContext, lab: RunningLab): Promise<Errand> {
  const errand = await Errand.start(t, lab)
  await cp(example, errand.folder, { recursive: true })
  const [db, web] = [lab.host(1), lab.host(2)]
  const groups = { db_server: [db], web_server: [web], db_and_web_server: [db, web] }
  await errand.write('lab-hosts', lab.inventoryText(groups))
  return errand
}

function run(errand: Errand, playbook: string, seconds: number) {
  return errand.run([
    'run',
    '-i',
    'lab-hosts',
    '-e',
    `monitor_seconds=${seconds} monitor_interval=0.5`,
    `playbooks/${playbook}`,
  ])
}

/** Connections to a port 22 that are open in the network of a host or of the controller. */
async function sshConnections(lab: RunningLab): Promise<readonly string[]> {
  const script = `awk 'NR>1 && $4=="01" {split($2,l,":"); split($3,r,":"); if (l[2]=="0016" || r[2]=="0016") print $2, $3}' /proc/net/tcp /proc/net/tcp6`
  const places = [lab.run(['sh', '-c', script]), ...lab.hosts.map((host) => host.run(script))]
  const found = await Promise.all(places)
  return found.flatMap(({ stdout }) => stdout.split('\n').filter((line) => line !== ''))
}

test('the six playbooks run as they stand', { skip, timeout: 600_000 }, async (t) => {
  const lab = await Lab.start(t, { hosts: 2, names: ['db1', 'web1'] })
  const errand = await exampleOn(t, lab)

  await t.test('3: both roles, then the monitor is waited for', async () => {
    const { code, stdout, stderr } = await run(errand, '3-default-poll.yml', 1)
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /ASYNC OK on web1: jid=j\d{13}\.\d{12}/u)
    assert.match(stdout, /PLAY \[Monitor Web Application for 6 Minutes\]/u)
    assert.doesNotMatch(stdout, /still out/u)
  })

  await t.test('4: a second time, nothing but the monitor changes', async () => {
    const { code, stdout, stderr } = await run(errand, '4-poll-30.yml', 1)
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /web1 +: ok=\d+ +changed=1 /u)
    assert.match(stdout, /db1 +: ok=\d+ +changed=0 /u)
  })

  await t.test('1: a poll of 60 s does not hold back the end of a short job', async () => {
    const { code, stdout, stderr } = await run(errand, '1-poll.yml', 1)
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /ASYNC OK on db1: jid=/u)
    assert.match(stdout, /ASYNC OK on web1: jid=/u)
    assert.doesNotMatch(stdout, /ASYNC POLL/u)
  })

  await t.test('2: the status task waits for the job that was fired', async () => {
    const { code, stdout, stderr } = await run(errand, '2-fire-and-check.yml', 1)
    assert.equal(code, 0, stdout + stderr)
    assert.match(stdout, /TASK \[Check status of tasks\]/u)
  })

  for (const playbook of ['5-parallel.yml', '6-check-later.yml']) {
    await t.test(`${playbook}: returns with both jobs running, and names them`, async () => {
      const { code, stdout, stderr } = await run(errand, playbook, 600)
      assert.equal(code, 0, stdout + stderr)
      const running = await errand.json(['jobs', '--state', 'running'])
      assert.deepEqual(running.map((job) => job['host']).toSorted(), ['db1', 'web1'])
      for (const job of running) assert.ok(stdout.includes(String(job['jobId'])), stdout)
      assert.match(stdout, /errand wait --run/u)

      const waiting = errand.spawn(['wait', '--run', String(running[0]?.['runId'])])
      const ended = new Promise<number | null>((resolve) => waiting.once('close', resolve))
      assert.deepEqual(await sshConnections(lab), [])
      const cancelled = await errand.run(['cancel', '--run', String(running[0]?.['runId'])])
      assert.equal(cancelled.code, 0, cancelled.stderr)
      assert.equal(await ended, 2)
      assert.deepEqual(await errand.json(['jobs', '--state', 'running']), [])
    })
  }
})

test('while a run waits, no connection to any port 22 is open', { skip }, async (t) => {
  const lab = await Lab.start(t, { hosts: 2 })
  const errand = await Errand.start(t, lab)
  await errand.write(
    'site.yml',
    `- hosts: all
  gather_facts: false
  tasks:
    - shell: touch /tmp/started; while [ ! -e /tmp/go ]; do sleep 0.1; done
      async: 300
      poll: 60
`,
  )
  assert.equal((await errand.run(['install', '-i', 'hosts', 'all'])).code, 0)
  const running = errand.spawn(['run', '-i', 'hosts', 'site.yml'])
  let output = ''
  running.stdout.on('data', (data: Buffer) => (output += data.toString()))
  running.stderr.on('data', (data: Buffer) => (output += data.toString()))
  const ended = new Promise<number | null>((resolve) => running.once('close', resolve))
  for (const host of lab.hosts) {
    await waitFor('the job to be started', async () => {
      return (await host.run('test -e /tmp/started')).code === 0
    })
  }
  assert.deepEqual(await sshConnections(lab), [])
  for (const host of lab.hosts) await host.run('touch /tmp/go')
  assert.equal(await ended, 0, output)
})
