import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { InstallProgress } from '../../../proto/control.ts'
import { Lab } from '../../support/lab.ts'
import { waitFor } from '../../support/wait-for.ts'
import type { Kind } from '../../lab/kinds.ts'
import type { LabHost } from '../../lab/lab-host.ts'
import type { Lab as RunningLab } from '../../lab/lab.ts'
import { ControllerInLab, failsWith, shellJob, targetOf } from './controller-in-lab.ts'

async function labOf(
  t: TestContext,
  kind: Kind,
): Promise<{
  readonly lab: RunningLab
  readonly host: LabHost
  readonly controller: ControllerInLab
}> {
  const lab = await Lab.start(t, { kind })
  return { lab, host: lab.host(1), controller: await ControllerInLab.start(t, lab) }
}

/** Every file where programs, state, units and tables are kept, but for what the system writes by itself. */
async function filesOf(host: LabHost): Promise<string> {
  const { stdout } = await host.run(
    'find /usr/local /var/lib /var/spool /etc /opt /home /root 2>/dev/null | sort',
  )
  return stdout
    .split('\n')
    .filter((path) => !path.startsWith('/var/lib/systemd/'))
    .join('\n')
}

async function processesOf(host: LabHost): Promise<string> {
  return (await host.run("grep -la '[e]rrand-agent' /proc/[0-9]*/cmdline 2>/dev/null")).stdout
}

/** Connections of SSH in a socket table, the listeners and those that only wait for their time to pass left out. */
function sshConnections(table: string): readonly string[] {
  return table.split('\n').filter((line) => {
    const [, local = '', remote = '', state = ''] = line.trim().split(/\s+/u)
    return (local.endsWith(':0016') || remote.endsWith(':0016')) && state !== '0A' && state !== '06'
  })
}

const lastOf = (steps: readonly InstallProgress[]) => steps.at(-1)

for (const kind of ['sshd', 'systemd', 'bare'] as const) {
  test(
    `install() puts an agent on a host of kind ${kind}, which works and leaves no trace`,
    { skip: Lab.skipReason({ kinds: [kind] }) },
    async (t) => {
      const { lab, host, controller } = await labOf(t, kind)
      const before = await filesOf(host)
      const targets = [targetOf(host)]

      const installed = await controller.ask<readonly InstallProgress[]>({ op: 'install', targets })
      assert.equal(lastOf(installed)?.step, 'done', JSON.stringify(installed))
      assert.deepEqual(
        [...new Set(installed.map(({ step }) => step))],
        ['probe', 'files', 'enrol', 'start', 'answer', 'done'],
      )
      if (kind === 'systemd')
        assert.equal((await host.run('systemctl is-enabled errand-agent')).stdout.trim(), 'enabled')

      const again = await controller.ask<readonly InstallProgress[]>({ op: 'install', targets })
      assert.match(lastOf(again)?.message ?? '', /^nothing to do/u)

      const prepared = await controller.prepare(targetOf(host))
      assert.deepEqual(prepared.steps, [])
      assert.equal(prepared.isRoot, true)
      const spec = shellJob('echo out; echo err >&2; read line; exit 3')
      const running = await controller.start(prepared, {
        ...spec,
        work: {
          kind: 'command',
          argv: [
            '/bin/sh',
            '-c',
            'echo out; echo err >&2; while [ ! -e /root/go ]; do sleep 0.1; done; exit 3',
          ],
          checkOnly: false,
        },
      })
      assert.equal(running.state.kind, 'running')

      assert.deepEqual(sshConnections((await lab.run(['cat', '/proc/net/tcp'])).stdout), [])
      assert.deepEqual(
        sshConnections((await host.run('cat /proc/net/tcp /proc/net/tcp6')).stdout),
        [],
      )

      const refused = await controller.ask<readonly InstallProgress[]>({ op: 'uninstall', targets })
      assert.equal(lastOf(refused)?.errorCode, 'conflict')
      assert.match(
        lastOf(refused)?.message ?? '',
        new RegExp(`still runs 1 job \\(${spec.jobId}\\)`, 'u'),
      )

      await host.run('touch /root/go')
      const end = await controller.wait(spec.jobId)
      assert.deepEqual(end.state.kind === 'failed' && end.state.failure, {
        kind: 'exit',
        exitCode: 3,
      })
      await host.run('rm /root/go')

      const removed = await controller.ask<readonly InstallProgress[]>({ op: 'uninstall', targets })
      assert.equal(lastOf(removed)?.step, 'done', JSON.stringify(removed))
      assert.equal(await filesOf(host), before)
      assert.equal(await processesOf(host), '')
      assert.equal(
        (await host.run(`find /sys/fs/cgroup -name 'errand-${prepared.agentId}'`)).stdout,
        '',
      )
      assert.deepEqual(await controller.ask({ op: 'hosts' }), [])
    },
  )
}

test(
  'install() says in one sentence that a host without glibc cannot be had',
  { skip: Lab.skipReason({ kinds: ['busybox'] }) },
  async (t) => {
    const { host, controller } = await labOf(t, 'busybox')
    const before = await filesOf(host)
    await failsWith(
      controller.prepare(targetOf(host)),
      'unsupported',
      /has no glibc, .*--node-runtime FILE$/u,
    )
    assert.equal(await filesOf(host), before)
  },
)

test(
  'a job outlives the restart of its unit',
  { skip: Lab.skipReason({ kinds: ['systemd'] }) },
  async (t) => {
    const { host, controller } = await labOf(t, 'systemd')
    const prepared = await controller.prepare(targetOf(host))
    const spec = shellJob('echo one; while [ ! -e /root/go ]; do sleep 0.1; done; echo two')
    await controller.start(prepared, spec)
    assert.equal((await host.run('systemctl kill -s KILL --kill-whom=main errand-agent')).code, 0)
    await waitFor('the agent to be up again', async () => {
      const { stdout } = await host.run(
        'systemctl show -p NRestarts --value errand-agent; systemctl is-active errand-agent',
      )
      return stdout === '1\nactive\n'
    })
    assert.equal((await host.run('systemctl restart errand-agent && touch /root/go')).code, 0)
    assert.equal((await controller.wait(spec.jobId)).state.kind, 'succeeded')
    assert.equal(
      Buffer.from(
        await controller.ask<string>({ op: 'output', jobId: spec.jobId }),
        'base64',
      ).toString(),
      'one\ntwo\n',
    )
  },
)
