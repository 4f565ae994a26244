import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Account, LabHost } from '../../lab/lab-host.ts'
import type { Lab as RunningLab } from '../../lab/lab.ts'
import { Lab } from '../../support/lab.ts'

const skip = Lab.skipReason()

test('deploy, clerk and guest have what they may', { skip }, async (t) => {
  const lab = await Lab.start(t)
  const host = lab.host(1)
  for (const account of ['deploy', 'clerk', 'guest'] as const) {
    const here = await host.ssh('id -un; pwd', { account })
    assert.equal(here.stdout, `${account}\n/home/${account}\n`)
    const rights = await host.ssh('sudo -n id -u', { account })
    assert.equal(rights.stdout, account === 'deploy' ? '0\n' : '')
    const input = `${host.password}\n`
    const withPassword = await host.ssh(`sudo -S -p '' id -u`, { account, input })
    assert.equal(withPassword.stdout, account === 'guest' ? '' : '0\n')
  }
})

for (const kind of ['sshd', 'bare'] as const) {
  const skipKind = Lab.skipReason({ kinds: [kind] })
  test(
    `deploy logs in on a ${kind} host with its password, root does not`,
    { skip: skipKind },
    async (t) => {
      const lab = await Lab.start(t, { kind })
      const host = lab.host(1)
      assert.equal((await logIn(lab, host, 'deploy')).code, 0)
      assert.notEqual((await logIn(lab, host, 'root')).code, 0)
    },
  )
}

test('a host is reached through another', { skip }, async (t) => {
  const lab = await Lab.start(t, { hosts: 2 })
  const [jump, target] = [lab.host(1), lab.host(2)]
  const config = ['-F', join(lab.home, '.ssh', 'config')]
  const through = [
    '-J',
    `guest@${jump.address}`,
    `root@${target.address}`,
    'echo $SSH_CONNECTION; hostname',
  ]
  const said = await lab.run(['ssh', ...config, '-o', 'BatchMode=yes', ...through])
  assert.equal(said.code, 0, said.stderr)
  assert.ok(said.stdout.startsWith(`${jump.address} `), said.stdout)
  assert.ok(said.stdout.endsWith(`${target.name}\n`))
})

async function logIn(lab: RunningLab, host: LabHost, account: Account) {
  const askpass = join(lab.directory, 'askpass')
  await writeFile(askpass, `#!/bin/sh\necho ${host.password}\n`)
  await chmod(askpass, 0o700)
  const options = ['-F', 'none', '-o', `UserKnownHostsFile=${lab.knownHostsFile}`]
  const only = ['-o', 'PubkeyAuthentication=no', '-o', 'NumberOfPasswordPrompts=1']
  const env = { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' }
  return lab.run(['ssh', ...options, ...only, `${account}@${host.address}`, 'true'], { env })
}
