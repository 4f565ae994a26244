import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { hopsTo, type Hop } from '../../../../../controller/fleet/ssh/hops.ts'
import type { HostTarget } from '../../../../../controller/run/ports.ts'
import { ErrandError } from '../../../../../proto/errors.ts'

const bare: HostTarget = {
  name: 'web1',
  connection: 'ssh',
  address: 'web1',
  sshPort: undefined,
  user: undefined,
  password: undefined,
  privateKeyFile: undefined,
  privateKeyPassphrase: undefined,
  sshCommonArgs: undefined,
  agentPort: 7433,
  become: undefined,
  timeoutMs: 10_000,
  sshRetries: 0,
}

interface World {
  readonly home: string
  readonly hops: (changes?: Partial<HostTarget>) => readonly Hop[]
  readonly unsupported: readonly string[]
}

async function worldWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), 'errand-ssh-'))
  t.after(() => rm(home, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(home, '.ssh', name, '..'), { recursive: true })
    await writeFile(join(home, '.ssh', name), text)
  }
  const unsupported: string[] = []
  const hops = (changes: Partial<HostTarget> = {}) =>
    hopsTo(
      { ...bare, ...changes },
      {
        acceptNewHostKeys: false,
        environment: { HOME: home, USER: 'me', SSH_AUTH_SOCK: '/agent' },
        onUnsupported: (what) => unsupported.push(what),
      },
    )
  return { home, hops, unsupported }
}

test('hopsTo() reads host, port, user, keys and known hosts from ssh_config', async (t) => {
  const { hops, home } = await worldWith(t, {
    config: [
      'Host web*',
      '  HostName %h.example.org',
      '  Port 2222',
      '  User deploy',
      '  IdentityFile ~/.ssh/%r_%n',
      '  UserKnownHostsFile ~/.ssh/a ~/.ssh/b',
      '  ConnectTimeout 3',
      'Host *',
      '  User late',
      '  IdentityFile ~/.ssh/common',
    ].join('\n'),
  })
  const [hop] = hops()
  assert.ok(hop)
  assert.equal(hop.host, 'web1.example.org')
  assert.equal(hop.port, 2222)
  assert.equal(hop.user, 'deploy')
  assert.deepEqual(hop.identities.files, [`${home}/.ssh/deploy_web1`, `${home}/.ssh/common`])
  assert.deepEqual(hop.hostKeys.userFiles, [`${home}/.ssh/a`, `${home}/.ssh/b`])
  assert.equal(hop.hostKeys.name, '[web1.example.org]:2222')
  assert.equal(hop.timeoutMs, 3000)
  assert.equal(hop.identities.agentSocket, '/agent')
})

test('hopsTo() lets the inventory win over arguments, and arguments over ssh_config', async (t) => {
  const { hops } = await worldWith(t, { config: 'Host *\n  User c\n  Port 3\n  HostKeyAlias c\n' })
  const sshCommonArgs = '-o User=b -o Port=2'
  assert.equal(hops({ user: 'a', sshCommonArgs })[0]?.user, 'a')
  assert.equal(hops({ sshCommonArgs })[0]?.user, 'b')
  assert.equal(hops()[0]?.user, 'c')
  assert.equal(hops({ sshPort: 1, sshCommonArgs })[0]?.port, 1)
  assert.equal(hops()[0]?.hostKeys.name, 'c')
})

test('hopsTo() takes the default keys and the local user when nothing is said', async (t) => {
  const { hops, home } = await worldWith(t, {})
  const [hop] = hops()
  assert.equal(hop?.user, 'me')
  assert.equal(hop?.port, 22)
  assert.deepEqual(
    hop?.identities.files,
    ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => `${home}/.ssh/${name}`),
  )
})

test('hopsTo() goes through several jump hosts, each with its own configuration', async (t) => {
  const { hops } = await worldWith(t, {
    config: [
      'Host inner',
      '  HostName 10.0.0.2',
      '  ProxyJump never',
      'Host outer',
      '  User gate',
      '',
    ].join('\n'),
  })
  const found = hops({ sshCommonArgs: '-J outer,admin@inner:2200', password: 'x' })
  assert.deepEqual(
    found.map(({ host, port, user, password }) => ({ host, port, user, password })),
    [
      { host: 'outer', port: 22, user: 'gate', password: undefined },
      { host: '10.0.0.2', port: 2200, user: 'admin', password: undefined },
      { host: 'web1', port: 22, user: 'me', password: 'x' },
    ],
  )
})

test('hopsTo() follows the jump hosts of a jump host', async (t) => {
  const config = ['Host web1', '  ProxyJump inner', 'Host inner', '  ProxyJump outer'].join('\n')
  const { hops } = await worldWith(t, { config })
  assert.deepEqual(
    hops().map(({ host }) => host),
    ['outer', 'inner', 'web1'],
  )
})

test('hopsTo() refuses jump hosts in a circle', async (t) => {
  const config = [
    'Host web1',
    '  ProxyJump a',
    'Host a',
    '  ProxyJump b',
    'Host b',
    '  ProxyJump a',
  ].join('\n')
  const { hops } = await worldWith(t, { config })
  assert.throws(() => hops(), /go in a circle/u)
})

test('hopsTo() reads Includes where they stand: those of another host say nothing', async (t) => {
  const { hops } = await worldWith(t, {
    config: [
      'Include conf.d/*',
      'Host other',
      '  Include for-other',
      'Host web1',
      '  User late',
      '  Port 5',
    ].join('\n'),
    'conf.d/one': 'Host web1\n  User early\n',
    'for-other': 'Host *\n  Port 4\n',
  })
  assert.equal(hops()[0]?.user, 'early')
  assert.equal(hops()[0]?.port, 5)
})

test('hopsTo() reads Match host and user, and tells what it cannot judge', async (t) => {
  const { hops, unsupported } = await worldWith(t, {
    config: [
      'Host web1',
      '  HostName real.example.org',
      'Match exec "true"',
      '  Port 1',
      'Match host *.example.org !user root',
      '  Port 2',
    ].join('\n'),
  })
  assert.equal(hops()[0]?.port, 2)
  assert.equal(hops({ user: 'root' })[0]?.port, 22)
  assert.match(unsupported[0] ?? '', /Match exec/u)
})

test('hopsTo() takes a ProxyCommand that is a jump, and refuses any other', async (t) => {
  const { hops } = await worldWith(t, {})
  const jump = hops({ sshCommonArgs: '-o ProxyCommand="ssh -W %h:%p -q gate"' })
  assert.deepEqual(
    jump.map(({ host }) => host),
    ['gate', 'web1'],
  )
  assert.throws(
    () => hops({ sshCommonArgs: '-o ProxyCommand="nc %h %p"' }),
    (error) => error instanceof ErrandError && error.code === 'unsupported',
  )
})

test('hopsTo() never weakens the check of host keys', async (t) => {
  const { hops } = await worldWith(t, { config: 'Host *\n  StrictHostKeyChecking no\n' })
  assert.equal(
    hops({ sshCommonArgs: '-o StrictHostKeyChecking=accept-new' })[0]?.hostKeys.acceptNew,
    false,
  )
})
