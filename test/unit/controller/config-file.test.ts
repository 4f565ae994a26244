import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfigFile } from '../../../controller/config-file.ts'
import { writeTree } from './vars/language-lab.ts'

test('loadConfigFile() has Ansible’s defaults, and 10 seconds between looks', () => {
  const config = loadConfigFile({ environment: { HOME: '/nowhere' }, cwd: '/nowhere' })
  assert.equal(config.file, undefined)
  assert.equal(config.forks, 5)
  assert.equal(config.timeoutSeconds, 10)
  assert.equal(config.hostKeyChecking, true)
  assert.equal(config.becomeMethod, 'sudo')
  assert.equal(config.becomeUser, 'root')
  assert.equal(config.gathering, 'implicit')
  assert.equal(config.hashBehaviour, 'replace')
  assert.equal(config.pollSeconds, 10)
  assert.deepEqual(config.rolesPath, [
    '/nowhere/.ansible/roles',
    '/usr/share/ansible/roles',
    '/etc/ansible/roles',
  ])
  assert.ok(Object.isFrozen(config))
})

test('loadConfigFile() reads keys and comments, paths relative to the file', (t) => {
  const root = writeTree(t, {
    'conf/ansible.cfg':
      '# first\n[defaults]\ninventory = hosts, more/inv\nroles_path=roles:~/r:/abs\nforks: 20 ; many\nhost_key_checking = False\nremote_user="joe"\nprivate_key_file = $KEYS/id\ngathering=smart\n[privilege_escalation]\nbecome=True\nbecome_user=pg\n[ssh_connection]\nssh_common_args = -o A=1\n   -o B=2\n',
  })
  const config = loadConfigFile({
    environment: { HOME: '/home/u', ANSIBLE_CONFIG: 'conf/ansible.cfg', KEYS: '/keys' },
    cwd: root,
  })
  const conf = join(root, 'conf')
  assert.equal(config.file, join(conf, 'ansible.cfg'))
  assert.deepEqual(config.inventory, [join(conf, 'hosts'), join(conf, 'more/inv')])
  assert.deepEqual(config.rolesPath, [join(conf, 'roles'), '/home/u/r', '/abs'])
  assert.equal(config.forks, 20)
  assert.equal(config.hostKeyChecking, false)
  assert.equal(config.remoteUser, 'joe')
  assert.equal(config.privateKeyFile, '/keys/id')
  assert.equal(config.gathering, 'smart')
  assert.equal(config.become, true)
  assert.equal(config.becomeUser, 'pg')
  assert.equal(config.sshCommonArgs, '-o A=1\n-o B=2')
})

test('loadConfigFile() lets the environment win over the file', (t) => {
  const cwd = writeTree(t, { 'ansible.cfg': '[defaults]\nforks=20\ninventory=hosts\n' })
  const environment = { HOME: '/nowhere', ANSIBLE_FORKS: '7', ANSIBLE_INVENTORY: 'a,b,' }
  const config = loadConfigFile({ environment, cwd })
  assert.equal(config.forks, 7)
  assert.deepEqual(config.inventory, ['a,b,'])
})

test('loadConfigFile() does not trust a folder that everybody may write to', (t) => {
  const cwd = writeTree(t, { 'ansible.cfg': '[defaults]\nforks=20\n' })
  chmodSync(cwd, 0o777)
  const config = loadConfigFile({ environment: { HOME: '/nowhere' }, cwd })
  assert.equal(config.file, undefined)
  assert.equal(config.forks, 5)
  assert.match(config.warnings[0] ?? '', /everybody may write to its folder/u)
})

test('loadConfigFile() falls back to the home folder', (t) => {
  const home = writeTree(t, { '.ansible.cfg': '[defaults]\nforks=3\n' })
  assert.equal(loadConfigFile({ environment: { HOME: home }, cwd: '/nowhere' }).forks, 3)
})

test('loadConfigFile() notes keys that mean nothing', (t) => {
  const cwd = writeTree(t, { 'ansible.cfg': '[defaults]\nfroks=20\n[galaxy]\nserver=x\n' })
  const { notes, file } = loadConfigFile({ environment: { HOME: '/nowhere' }, cwd })
  assert.deepEqual(notes, [
    `${file ?? ''}:2: the key "froks" of [defaults] means nothing to errand`,
  ])
})

/** Files and variables that cannot be, and what is said of them. */
const mistakes: readonly (readonly [string, Record<string, string>, RegExp])[] = [
  ['[defaults]\nforks=many\n', {}, /ansible\.cfg: defaults\.forks must be a number, got "many"/u],
  ['[defaults]\nhost_key_checking=perhaps\n', {}, /must be yes or no, got "perhaps"/u],
  [
    '[defaults]\n',
    { ANSIBLE_GATHERING: 'never' },
    /ANSIBLE_GATHERING must be one of implicit, explicit, smart/u,
  ],
  ['forks=5\n', {}, /ansible\.cfg:1:1: expected a \[section\] before the first key/u],
  ['[defaults]\nword\n', {}, /ansible\.cfg:2:1: expected key = value/u],
]

for (const [text, variables, said] of mistakes) {
  test(`loadConfigFile() refuses ${JSON.stringify(text)} ${JSON.stringify(variables)}`, (t) => {
    const cwd = writeTree(t, { 'ansible.cfg': text })
    const environment = { HOME: '/nowhere', ...variables }
    assert.throws(() => loadConfigFile({ environment, cwd }), { message: said })
  })
}
