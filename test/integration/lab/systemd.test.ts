import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LabHost } from '../../lab/lab-host.ts'
import { Lab } from '../../support/lab.ts'
import { waitFor } from '../../support/wait-for.ts'

const skip = Lab.skipReason({ kinds: ['systemd'] })

test(
  'a systemd host runs units, delegates cgroups, and lives through a crash and a reboot',
  { skip },
  async (t) => {
    const lab = await Lab.start(t, { kind: 'systemd' })
    const host = lab.host(1)
    await waitFor('systemd to be done', async () => (await systemState(host)) === 'running')
    const unit = 'systemd-run --quiet --unit=errand-lab -p Delegate=yes sleep 1000'
    assert.equal((await host.ssh(unit)).code, 0)
    const cgroup = '/sys/fs/cgroup/system.slice/errand-lab.service'
    assert.equal((await host.ssh(`mkdir ${cgroup}/job && echo kept >/opt/kept`)).code, 0)
    assert.match((await host.run('cat /proc/self/cgroup')).stdout, /^0::\/lab$/m)

    await host.crash()
    await host.boot()
    assert.equal((await host.ssh('cat /opt/kept')).stdout, 'kept\n')
    assert.notEqual((await host.ssh('systemctl is-active errand-lab')).code, 0)

    const before = await bootId(host)
    await host.ssh('systemctl reboot')
    await waitFor('the host to be back', async () => ![before, ''].includes(await bootId(host)), {
      timeoutMs: 60_000,
    })
  },
)

async function systemState(host: LabHost): Promise<string> {
  return (await host.ssh('systemctl is-system-running')).stdout.trim()
}

/** Empty while the host does not answer. */
async function bootId(host: LabHost): Promise<string> {
  return (await host.ssh('cat /proc/sys/kernel/random/boot_id')).stdout
}
