import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import type { LabHost } from '../../lab/lab-host.ts'
import type { Lab as RunningLab } from '../../lab/lab.ts'
import { Lab } from '../../support/lab.ts'
import { waitFor } from '../../support/wait-for.ts'

const skip = Lab.skipReason({ packages: ['procps'] })

test('drop() and link() cut a host off both ways, and only that host', { skip }, async (t) => {
  const lab = await Lab.start(t, { hosts: 2 })
  const [cut, other] = [lab.host(1), lab.host(2)]
  for (const [cutIt, mendIt] of [
    [() => cut.drop('on'), () => cut.drop('off')],
    [() => cut.link('down'), () => cut.link('up')],
  ] as const) {
    await cutIt()
    assert.equal(await answers(lab, cut), false)
    assert.equal(await answers(lab, other), true)
    const outward = await cut.run(`timeout 1 bash -c 'exec 3<>/dev/tcp/${other.address}/22'`)
    assert.notEqual(outward.code, 0)
    await mendIt()
    await waitFor('the host to answer again', () => answers(lab, cut))
  }
})

test('deaf() lets words in and none out', { skip }, async (t) => {
  const lab = await Lab.start(t)
  const host = lab.host(1)
  await host.deaf('on')
  const caller = spawn('ip', [...lab.controllerPrefix.slice(1), 'bash', '-c', connect(host, 60)])
  t.after(() => caller.kill('SIGKILL'))
  // state 03 is SYN_RECV: the host heard the call and its answer does not arrive
  await waitFor(
    'the call to arrive',
    async () => (await host.run('grep " 03 " /proc/net/tcp')).code === 0,
  )
  assert.equal(await answers(lab, host), false)
  await host.deaf('off')
  await waitFor('the host to be heard', () => answers(lab, host))
})

test('crash() silences open connections; boot() brings the same disk', { skip }, async (t) => {
  const lab = await Lab.start(t)
  const host = lab.host(1)
  const bootId = (await host.run('cat /proc/sys/kernel/random/boot_id')).stdout
  await host.ssh('echo kept >/opt/kept; setsid sleep 1000 >/dev/null 2>&1 </dev/null &')
  assert.equal((await host.run(['pgrep', '-x', 'sleep'])).code, 0)
  const open = spawn('ip', [
    ...lab.controllerPrefix.slice(1),
    'bash',
    '-c',
    `${connect(host, 60)}; exec cat <&3`,
  ])
  t.after(() => open.kill('SIGKILL'))
  await once(open.stdout, 'data')
  await host.crash()
  assert.equal(open.exitCode, null)
  assert.equal(await answers(lab, host), false)
  assert.equal((await host.run('true')).code, 69)
  assert.equal((await lab.run(['cat', host.path('/opt/kept')])).stdout, 'kept\n')
  await host.boot()
  assert.equal((await host.ssh('cat /opt/kept')).stdout, 'kept\n')
  assert.notEqual((await host.run('cat /proc/sys/kernel/random/boot_id')).stdout, bootId)
  assert.equal((await host.run(['pgrep', '-x', 'sleep'])).code, 1)
})

/** A bash script that opens file 3 to the host's sshd and prints its first line, in so many seconds. */
function connect(host: LabHost, seconds: number): string {
  const open = `exec 3<>/dev/tcp/${host.address}/22 && read -r -u 3 line && echo "$line"`
  return `TMOUT=${seconds}; ${open}`
}

async function answers(lab: RunningLab, host: LabHost): Promise<boolean> {
  const called = await lab.run(['timeout', '1', 'bash', '-c', connect(host, 1)])
  return called.stdout.startsWith('SSH-')
}
