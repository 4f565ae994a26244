import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { InstallProgress } from '../../../proto/control.ts'
import { Lab } from '../../support/lab.ts'
import { waitFor } from '../../support/wait-for.ts'
import { ControllerInLab, failsWith, targetOf } from './controller-in-lab.ts'

const skip = Lab.skipReason({ kinds: ['sshd'] })

/** A home of a user who knows no host and has the lab's key, unless another is given. */
async function freshHome(t: TestContext, keyText: string | undefined): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'errand-home-'))
  t.after(() => rm(home, { recursive: true }))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  if (keyText !== undefined)
    await writeFile(join(home, '.ssh/id_ed25519'), keyText, { mode: 0o600 })
  return home
}

test('prepare() refuses in one sentence, and harms nothing', { skip }, async (t) => {
  const lab = await Lab.start(t, { hosts: 2 })
  const [host, other] = [lab.host(1), lab.host(2)]
  const controller = await ControllerInLab.start(t, lab)
  const key = await readFile(lab.keyFile, 'utf8')
  const prepare = (
    HOME: string,
    changes: Parameters<typeof targetOf>[1] = {},
    options: { readonly acceptNewHostKeys?: boolean } = {},
  ) =>
    controller.ask({
      op: 'prepare',
      target: targetOf(host, { timeoutMs: 3000, ...changes }),
      environment: { HOME },
      ...options,
    })

  await t.test('a host key that nobody knows, until it is accepted', async (s) => {
    const home = await freshHome(s, key)
    await failsWith(
      prepare(home),
      'denied',
      /the host key of \S+ is unknown: .*--accept-new-host-keys/u,
    )
    await assert.rejects(readFile(join(home, '.ssh/known_hosts')))
  })

  await t.test('a host key that has changed, accepted or not', async (s) => {
    const home = await freshHome(s, key)
    const known = await readFile(lab.knownHostsFile, 'utf8')
    const otherKey = known
      .split('\n')
      .find((line) => line.startsWith(other.address))
      ?.slice(other.address.length)
    await writeFile(join(home, '.ssh/known_hosts'), `# mine\n${host.address}${otherKey ?? ''}\n`)
    await failsWith(
      prepare(home, {}, { acceptNewHostKeys: true }),
      'denied',
      /the host key of \S+ has changed: .*known_hosts:2; somebody may be listening in/u,
    )
  })

  await t.test('a login without a key', async (s) => {
    const home = await freshHome(s, undefined)
    await failsWith(
      prepare(home, { sshCommonArgs: `-o UserKnownHostsFile=${lab.knownHostsFile}` }),
      'denied',
      /did not let root in: tried nothing: no key and no password; it takes publickey/u,
    )
  })

  await t.test('a wrong key, and one whose passphrase is missing', async (s) => {
    const home = await freshHome(s, undefined)
    const file = join(home, '.ssh/id_ed25519')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', file])
    const sshCommonArgs = `-o UserKnownHostsFile=${lab.knownHostsFile}`
    await failsWith(
      prepare(home, { sshCommonArgs }),
      'denied',
      /id_ed25519 needs a passphrase, and none was given/u,
    )
    await failsWith(
      prepare(home, { sshCommonArgs, privateKeyFile: file, privateKeyPassphrase: 'wrong' }),
      'denied',
      /id_ed25519 does not open with the passphrase given/u,
    )
    await failsWith(
      prepare(home, { sshCommonArgs, privateKeyFile: file, privateKeyPassphrase: 'a passphrase' }),
      'denied',
      /did not let root in: tried the key .*id_ed25519/u,
    )
  })

  await t.test(
    'a port where nothing listens, a name that is none, an address where nobody is',
    async () => {
      await failsWith(
        prepare(lab.home, { sshPort: 2 }),
        'unreachable',
        /nothing listens for SSH on 10\.\S+ port 2 \(connection refused\)/u,
      )
      await failsWith(
        prepare(lab.home, { address: 'no-such-host.invalid' }),
        'unreachable',
        /the name no-such-host.invalid cannot be resolved/u,
      )
      const nobody = lab.controllerAddress.replace(/\d+$/u, '99')
      await failsWith(
        prepare(lab.home, { address: nobody, timeoutMs: 500 }),
        'unreachable',
        /does not answer within 0.5 s|no route to/u,
      )
    },
  )

  await t.test('a port of the agent that is taken', async () => {
    await host.run('nohup node -e "require(\'net\').createServer().listen(7999)" >/dev/null 2>&1 &')
    await waitFor(
      'the port to be taken',
      async () => (await host.run('grep -q :1F3F /proc/net/tcp6')).code === 0,
    )
    await failsWith(
      prepare(lab.home, { agentPort: 7999 }),
      'conflict',
      /port 7999 is already taken there by node \(pid \d+\); choose another with errand_port/u,
    )
  })

  await t.test('no agent, and nobody may install one', async () => {
    await failsWith(
      controller.ask({ op: 'prepare', target: targetOf(host), install: false }),
      'unreachable',
      /has no agent of this controller: errand install puts one there/u,
    )
  })

  await t.test('an agent of another controller, until it is taken over by force', async (s) => {
    await controller.prepare(targetOf(host))
    const second = await ControllerInLab.start(s, lab)
    await failsWith(
      second.prepare(targetOf(host)),
      'conflict',
      /has an agent of another controller \(c[0-9a-f]{24}\) .*--force/u,
    )
    const left = await second.ask<readonly InstallProgress[]>({
      op: 'uninstall',
      targets: [targetOf(host)],
    })
    assert.equal(left.at(-1)?.errorCode, 'conflict')
    // The first still has it.
    assert.deepEqual((await controller.prepare(targetOf(host))).steps, [])

    const taken = await second.ask<readonly InstallProgress[]>({
      op: 'install',
      targets: [targetOf(host)],
      force: true,
    })
    assert.equal(taken.at(-1)?.step, 'done', JSON.stringify(taken))
    await failsWith(
      controller.ask({ op: 'prepare', target: targetOf(host), install: false }),
      'denied',
      /belongs to another controller/u,
    )
    await failsWith(
      controller.prepare(targetOf(host)),
      'conflict',
      /has an agent of another controller/u,
    )
  })

  await t.test('a client without a certificate, and one that speaks an older TLS', async () => {
    const client = `
      const [host, maxVersion] = process.argv.slice(1)
      const socket = require('tls').connect({ host, port: 7433, ALPNProtocols: ['h2'], rejectUnauthorized: false, maxVersion })
      socket.on('error', ({ code }) => console.log(code)).resume()
    `
    const talk = async (version: string) =>
      (await lab.run([process.execPath, '-e', client, host.address, version])).stdout.trim()
    assert.equal(await talk('TLSv1.3'), 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')
    assert.equal(await talk('TLSv1.2'), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
  })
})

test(
  'prepare() adds a new host key when it is accepted, and reaches a host through another',
  { skip },
  async (t) => {
    const lab = await Lab.start(t, { hosts: 2 })
    const [inner, gate] = [lab.host(1), lab.host(2)]
    const controller = await ControllerInLab.start(t, lab)
    const HOME = await freshHome(t, await readFile(lab.keyFile, 'utf8'))
    const config = [
      'Host gate',
      `  HostName ${gate.address}`,
      '  User deploy',
      `Host ${inner.name}`,
      '  ProxyJump gate',
      `  HostName ${inner.address}`,
      '  User root',
    ]
    await writeFile(join(HOME, '.ssh/config'), config.join('\n'))
    // Only the jump host may reach the inner one over SSH.
    await inner.run(
      `nft add table ip t; nft add chain ip t in '{ type filter hook input priority 0; }'; nft add rule ip t in ip saddr ${lab.controllerAddress} tcp dport 22 drop`,
    )
    const target = targetOf(inner, { address: inner.name, user: undefined })
    const prepared = await controller.ask<{ readonly agentUser: string }>({
      op: 'prepare',
      target,
      environment: { HOME },
      acceptNewHostKeys: true,
    })
    assert.equal(prepared.agentUser, 'root')
    for (const { address } of [inner, gate]) {
      execFileSync('ssh-keygen', ['-F', address, '-f', join(HOME, '.ssh/known_hosts')]) // fails when it is not there
    }
    const again = await controller.ask<readonly InstallProgress[]>({
      op: 'install',
      targets: [target],
      environment: { HOME },
    })
    assert.equal(again.at(-1)?.step, 'done', JSON.stringify(again))
  },
)
