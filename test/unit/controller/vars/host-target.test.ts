import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { ConnectionFlags } from '../../../../proto/run.ts'
import { becomeTarget, hostTarget } from '../../../../controller/vars/host-target.ts'
import type {
  ConnectionDefaults,
  ConnectionSource,
} from '../../../../controller/vars/host-target.ts'
import { makeLab } from './language-lab.ts'

const flags: ConnectionFlags = { become: false, acceptNewHostKeys: false }

const defaults: ConnectionDefaults = {
  remoteUser: undefined,
  remotePort: undefined,
  privateKeyFile: undefined,
  transport: 'smart',
  timeoutSeconds: 10,
  become: false,
  becomeMethod: 'sudo',
  becomeUser: 'root',
  becomeFlags: undefined,
  sshCommonArgs: undefined,
  sshRetries: 0,
}

interface Setting {
  readonly vars?: string
  /** Keywords of the task. */
  readonly task?: string
  readonly play?: string
  readonly flags?: Partial<ConnectionFlags>
  readonly defaults?: Partial<ConnectionDefaults>
}

async function source(t: TestContext, setting: Setting): Promise<ConnectionSource> {
  const lab = await makeLab(t, {
    hosts: 'h\n',
    'host_vars/h.yml': setting.vars ?? '{}',
    'site.yml': `- hosts: all\n  ${setting.play ?? 'name: p'}\n  tasks:\n    - name: t\n      debug: {}\n      ${setting.task ?? 'no_log: no'}\n`,
  })
  const [play] = lab.plays
  assert.ok(play)
  const task = lab.task('t')
  return {
    scope: lab.variables.scope({ host: 'h', play, task }),
    node: task,
    templates: lab.templates,
    flags: { ...flags, ...setting.flags },
    defaults: { ...defaults, ...setting.defaults },
    isImplicit: false,
    cwd: '/where',
  }
}

test('hostTarget() has defaults for all that nothing says', async (t) => {
  assert.deepEqual(hostTarget('h', await source(t, {})), {
    name: 'h',
    connection: 'ssh',
    address: 'h',
    sshPort: undefined,
    user: undefined,
    password: undefined,
    privateKeyFile: undefined,
    privateKeyPassphrase: undefined,
    sshCommonArgs: undefined,
    sshRetries: 0,
    agentPort: 7433,
    become: undefined,
    timeoutMs: 10_000,
  })
})

test('hostTarget() reads the variables of the host, templates in them too', async (t) => {
  const vars =
    'ansible_host: "{{ net }}.7"\nnet: 10.0.0\nansible_port: "2222"\nansible_user: joe\nansible_password: s\nansible_ssh_private_key_file: key\nansible_ssh_common_args: -J x\nansible_ssh_extra_args: -v\nerrand_port: 7500\nansible_ssh_timeout: 3\n'
  const target = hostTarget('h', await source(t, { vars }))
  assert.equal(target.address, '10.0.0.7')
  assert.equal(target.sshPort, 2222)
  assert.equal(target.user, 'joe')
  assert.equal(target.password, 's')
  assert.equal(target.privateKeyFile, '/where/key')
  assert.equal(target.sshCommonArgs, '-J x -v')
  assert.equal(target.agentPort, 7500)
  assert.equal(target.timeoutMs, 3000)
})

/** Settings from the lowest to the highest, each winning over those before it. */
const rising: readonly (readonly [keyof Setting, Setting[keyof Setting], string])[] = [
  ['defaults', { remoteUser: 'config' }, 'config'],
  ['flags', { user: 'flag' }, 'flag'],
  ['play', 'remote_user: play', 'play'],
  ['task', "remote_user: \"{{ 'ta' ~ 'sk' }}\"", 'task'],
  ['vars', 'ansible_user: vars', 'vars'],
]

for (const [index, [key, , user]] of rising.entries()) {
  test(`hostTarget() takes the user from ${key} above what is below it`, async (t) => {
    const setting = Object.fromEntries(rising.slice(0, index + 1)) as Setting
    assert.equal(hostTarget('h', await source(t, setting)).user, user)
  })
}

/** Values that cannot be, and what is said of them. */
const mistakes: readonly (readonly [string, string, RegExp])[] = [
  [
    'ansible_port: ssh',
    'invalid',
    /ansible_port or ansible_ssh_port of host h must be a number, got "ssh"/u,
  ],
  ['ansible_port: 70000', 'invalid', /must be 1\.\.65535, got 70000/u],
  [
    'ansible_connection: docker',
    'unsupported',
    /the connection "docker" of host h is not supported/u,
  ],
  [
    '{ansible_become: yes, ansible_become_method: doas}',
    'unsupported',
    /become_method "doas" of host h/u,
  ],
]

for (const [vars, code, said] of mistakes) {
  test(`hostTarget() refuses ${vars}`, async (t) => {
    const from = await source(t, { vars })
    assert.throws(() => hostTarget('h', from), { code, message: said })
  })
}

test('hostTarget() is local when the connection says so', async (t) => {
  assert.equal(hostTarget('h', await source(t, { task: 'connection: local' })).connection, 'local')
  assert.equal(
    hostTarget('h', await source(t, { vars: 'ansible_connection: local' })).connection,
    'local',
  )
  const other = await source(t, { vars: 'ansible_connection: ssh', task: 'connection: local' })
  assert.equal(hostTarget('h', other).connection, 'ssh')
})

test('hostTarget() installs as root when anything says how to become it', async (t) => {
  const become = { method: 'sudo', user: 'root', password: undefined, flags: undefined } as const
  assert.deepEqual(hostTarget('h', await source(t, { flags: { become: true } })).become, become)
  assert.deepEqual(hostTarget('h', await source(t, { task: 'become: yes' })).become, become)
  const withPassword = await source(t, { vars: 'ansible_become_password: p' })
  assert.deepEqual(hostTarget('h', withPassword).become, { ...become, password: 'p' })
})

test('becomeTarget() is nobody unless something says so', async (t) => {
  assert.equal(becomeTarget('h', await source(t, {})), undefined)
  const off = await source(t, { flags: { become: true }, task: 'become: no' })
  assert.equal(becomeTarget('h', off), undefined)
  const byVariable = await source(t, { vars: 'ansible_become: "no"', task: 'become: yes' })
  assert.equal(becomeTarget('h', byVariable), undefined)
})

test('becomeTarget() reads user, method, password and flags', async (t) => {
  const byKeywords = await source(t, {
    play: 'become_user: "{{ \'pg\' }}"',
    task: 'become: yes',
    flags: { becomePassword: 'p' },
  })
  assert.deepEqual(becomeTarget('h', byKeywords), {
    method: 'sudo',
    user: 'pg',
    password: 'p',
    flags: undefined,
  })
  const byVariables = await source(t, {
    vars: 'ansible_become: yes\nansible_become_user: u\nansible_become_method: su\nansible_su_pass: q\nansible_become_flags: -l\n',
    task: 'become_user: other',
  })
  assert.deepEqual(becomeTarget('h', byVariables), {
    method: 'su',
    user: 'u',
    password: 'q',
    flags: '-l',
  })
})
