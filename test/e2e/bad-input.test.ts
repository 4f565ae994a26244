import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Lab as RunningLab } from '../lab/lab.ts'
import type { LabHost } from '../lab/lab-host.ts'
import type { CommandResult } from '../lab/run-command.ts'
import { Errand } from '../support/errand.ts'
import { Lab } from '../support/lab.ts'

const skip = Lab.skipReason()

const ping = '- hosts: all\n  gather_facts: false\n  tasks:\n    - ping:\n'
const stateFolder = '/var/lib/errand-agent'

/** Fills the disk at the state folder to its last byte. */
const fill = `dd if=/dev/zero of=${stateFolder}/fill bs=4k 2>/dev/null; test -s ${stateFolder}/fill`

interface BadInput {
  readonly name: string
  /** The text of `bad.yml`, which is there while the command runs. */
  readonly playbook?: string
  readonly args: readonly string[]
  readonly code: number
  /** The whole standard error. */
  readonly says: RegExp
}

const run = ['run', '-i', 'hosts', 'bad.yml']

const inputs: readonly BadInput[] = [
  {
    name: 'an unknown module',
    playbook: ping.replace('ping', 'nosuchmodule'),
    args: run,
    code: 4,
    says: /^ERROR! \S+\/bad\.yml:4:7: unknown module "nosuchmodule"\n/u,
  },
  {
    name: 'an unknown keyword of a task',
    playbook: `${ping}      reigster: answer\n`,
    args: run,
    code: 4,
    says: /^ERROR! \S+\/bad\.yml:5:7: unknown keyword "reigster", did you mean "register"\?\n/u,
  },
  {
    name: 'an unknown keyword of a play',
    playbook: ping.replace('hosts', 'hots'),
    args: run,
    code: 4,
    says: /^ERROR! \S+\/bad\.yml:1:3: unknown keyword "hots", did you mean "hosts"\?\n/u,
  },
  {
    name: 'broken YAML',
    playbook: '- hosts: all\n  tasks: [\n',
    args: run,
    code: 4,
    says: /^ERROR! \S+\/bad\.yml:3:1: [a-z].*\n/u,
  },
  {
    name: 'a template without quotes',
    playbook: `${ping}      vars:\n        a: {{ x }}\n`,
    args: run,
    code: 4,
    says: /^ERROR! \S+\/bad\.yml:6:12: .*must be quoted.* a: "\{\{ x \}\}"\n/u,
  },
  {
    name: 'a missing playbook',
    args: ['run', '-i', 'hosts', 'none.yml'],
    code: 1,
    says: /^ERROR! the playbook: \S*none\.yml could not be found\n$/u,
  },
  {
    name: 'an unknown flag',
    args: ['run', '--lmit', 'all', 'bad.yml'],
    code: 2,
    says: /^error: unknown option '--lmit'\n\(Did you mean --limit\?\)\n/u,
  },
  {
    name: 'extra variables of a file that is not there',
    playbook: ping,
    args: [...run, '-e', '@none.yml'],
    code: 1,
    says: /^ERROR! there is no file \S+\/none\.yml\n$/u,
  },
  {
    name: 'extra variables that are no map',
    playbook: ping,
    args: [...run, '-e', '[1]'],
    code: 5,
    says: /^ERROR! Invalid extra vars data supplied\. '\[1\]' could not be made into a dictionary\n$/u,
  },
  {
    name: 'extra variables of broken JSON',
    playbook: ping,
    args: [...run, '-e', '{"a":'],
    code: 4,
    says: /^ERROR! extra vars \(-e\):1:6: .*\n/u,
  },
  ...['status', 'logs', 'wait', 'cancel'].map((command) => ({
    name: `${command} of an unknown job`,
    args: [command, 'nosuch'],
    code: 1,
    says: /^errand: "nosuch" is not a job id; errand jobs lists them\n$/u,
  })),
  {
    name: 'attach to an unknown run',
    args: ['attach', 'nosuch'],
    code: 1,
    says: /^errand: no run nosuch; errand runs lists them\n$/u,
  },
]

test('bad input gives one sentence, its exit code and no run', { skip }, async (t) => {
  const lab = await Lab.start(t)
  const errand = await Errand.start(t, lab)
  for (const { name, playbook, args, code, says } of inputs) {
    await t.test(name, async () => {
      if (playbook !== undefined) await errand.write('bad.yml', playbook)
      const result = await errand.run(args)
      assert.match(result.stderr, says)
      assert.doesNotMatch(result.stderr, /\n\s+at /u, 'no stack')
      assert.deepEqual([result.code, result.stdout], [code, ''])
    })
  }

  await t.test('a home that cannot be made', async () => {
    const home = join(await errand.write('file', ''), 'home')
    const result = await errand.run(['jobs'], { env: { ERRAND_HOME: home } })
    assert.match(result.stderr, /^errand: cannot make the folder \S+: ENOTDIR: .*\n$/u)
    assert.deepEqual([result.code, result.stdout], [4, ''])
  })

  await t.test('a missing inventory', async () => {
    await errand.write('bad.yml', ping)
    const result = await errand.run(['run', '-i', 'nohosts', 'bad.yml'])
    assert.match(result.stderr, /^\[WARNING\]: Unable to parse \S+\/nohosts as an inventory\n/u)
    assert.match(result.stdout, /skipping: no hosts matched/u)
    assert.equal(result.code, 0)
  })

  await t.test('an undefined variable fails its task', async () => {
    await errand.write('bad.yml', ping.replace('ping:', 'debug: msg={{ nope }}'))
    const result = await errand.run(run)
    assert.match(result.stdout, /FAILED! => \{"msg": "[^\n]*'nope' is undefined/u)
    assert.deepEqual([result.code, result.stderr], [2, ''])
  })

  await pings(errand, lab.host(1))
})

test('a bad host gives one sentence, its exit code and is not harmed', { skip }, async (t) => {
  const lab = await Lab.start(t, { hosts: 2 })
  const [good, bad] = [lab.host(1), lab.host(2)]
  const errand = await errandWithoutKeys(t, lab)
  await errand.write('ping.yml', ping)
  const play = (...args: readonly string[]) => errand.run(['run', '-T', '2', 'ping.yml', ...args])
  const install = () => errand.run(['install', '-i', 'hosts', bad.name])

  await t.test('nobody at the address', async () => {
    const address = lab.controllerAddress.replace(/\d+$/u, '99')
    const result = await play('-i', `${address},`)
    isUnreachable(result, /does not answer within 2 s|no route to/u)
  })

  await t.test('a wrong key', async () => {
    const key = join(errand.folder, 'wrong')
    await lab.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key])
    await errand.write('wrong.ini', hostLine(bad, key, lab.knownHostsFile))
    isUnreachable(await play('-i', 'wrong.ini'), /did not let root in: tried the key \S+wrong;/u)
  })

  await t.test('a host key that has changed', async () => {
    const known = await readFile(lab.knownHostsFile, 'utf8')
    const line = known.split('\n').find((each) => each.startsWith(`${good.address} `)) ?? ''
    const file = await errand.write('changed', line.replace(good.address, bad.address))
    await errand.write('changed.ini', hostLine(bad, lab.keyFile, file))
    isUnreachable(await play('-i', 'changed.ini'), /has changed: .*\/changed:1; somebody may be/u)
  })

  await t.test('a host key that nobody knows', async () => {
    const file = await errand.write('nobody', '')
    await errand.write('nobody.ini', hostLine(bad, lab.keyFile, file))
    isUnreachable(await play('-i', 'nobody.ini'), /is unknown: .* --accept-new-host-keys/u)
  })

  await t.test('a full disk where the agent is to be', async () => {
    await onHost(bad, `mkdir -p ${stateFolder}; mount -t tmpfs -o size=64k none ${stateFolder}`)
    await onHost(bad, fill)
    const result = await install()
    await onHost(bad, `umount ${stateFolder}`)
    assert.match(result.stdout, /^\S+: failed: .*\/var\/lib\/errand-agent.* free some .*\n$/u)
    assert.equal(result.code, 2)
  })

  await t.test('a state folder that cannot be written', async () => {
    await onHost(bad, `mount -t tmpfs -o ro none ${stateFolder}`)
    const result = await install()
    await onHost(bad, `umount ${stateFolder}`)
    assert.match(
      result.stdout,
      /^\S+: failed: .*\/var\/lib\/errand-agent.* mount it for writing\n$/iu,
    )
    assert.equal(result.code, 2)
  })

  await t.test('an unknown host key that is accepted', async () => {
    await onHost(bad, `mount -t tmpfs -o size=4m none ${stateFolder}`)
    const result = await play('-i', 'nobody.ini', '--accept-new-host-keys')
    assert.equal(result.code, 0, result.stdout)
    await pings(errand, good)
  })

  await t.test('a disk that fills while a job runs, until there is space again', async () => {
    const wait = 'while [ ! -e /tmp/go ]; do sleep 0.1; done; echo gone'
    const on = (host: string, ...args: readonly string[]) =>
      errand.run(['exec', '-i', 'hosts', host, '-m', 'shell', '-a', ...args])
    assert.equal((await on(bad.name, wait, '-B', '60', '-P', '0')).code, 0)
    await onHost(bad, fill)
    const both = await on('all', 'echo hi')
    assert.match(
      both.stdout,
      /nothing was started: no space left on the disk of \/var\/lib\/errand-agent\S*: free some/u,
    )
    assert.match(both.stdout, new RegExp(`^${good.name} \\| CHANGED`, 'mu'))
    assert.equal(both.code, 2)
    await onHost(bad, `rm ${stateFolder}/fill`)
    assert.equal((await on(bad.name, 'echo hi')).code, 0)
    const [job] = await errand.json(['jobs', '--state', 'running'])
    await onHost(bad, 'touch /tmp/go')
    const waited = await errand.run(['wait', String(job?.['jobId'])])
    assert.equal(waited.code, 0, waited.stderr)
    assert.match((await errand.run(['logs', String(job?.['jobId'])])).stdout, /gone\n$/u)
  })

  await t.test('an agent of another controller', async (s) => {
    const other = await Errand.start(s, lab)
    const result = await other.run(['exec', '-i', 'hosts', good.name, '-m', 'ping'])
    assert.match(result.stdout, /"msg": "\S+ has an agent of another controller .*--force"/u)
    assert.deepEqual([result.code, result.stderr], [2, ''])
    await pings(errand, good)
  })

  await t.test('a client without a certificate, and with one of another authority', async () => {
    const pem = join(errand.folder, 'stranger')
    const subject = ['-subj', '/CN=stranger', '-nodes', '-days', '1']
    const made = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
    const key = await lab.run([...made, ...subject, '-keyout', `${pem}.key`, '-out', `${pem}.crt`])
    assert.equal(key.code, 0, key.stderr)
    const to = ['openssl', 's_client', '-connect', `${good.address}:7433`, '-alpn', 'h2', '-quiet']
    const none = await lab.run(to)
    assert.match(none.stderr, /alert certificate required/u)
    const strange = await lab.run([...to, '-cert', `${pem}.crt`, '-key', `${pem}.key`])
    assert.match(strange.stderr, /unexpected eof|alert/u)
    assert.deepEqual([none.stdout, strange.stdout], ['', ''])
    await pings(errand, good)
  })

  await t.test('a port that is taken', async () => {
    await errand.run(['uninstall', '-i', 'hosts', bad.name])
    const port = "require('net').createServer().listen(7433, () => console.log('taken'))"
    await onHost(
      bad,
      `node -e "${port}" >/tmp/taken 2>&1 </dev/null & until [ -s /tmp/taken ]; do sleep 0.1; done`,
    )
    const result = await install()
    assert.match(result.stdout, /^\S+: failed: .*port 7433 is already taken .*errand_port.*\n$/u)
    assert.equal(result.code, 2)
    await pings(errand, good)
  })
})

/** An errand whose user has no key and knows no host, but by what its inventory says. */
async function errandWithoutKeys(
  t: Parameters<typeof Errand.start>[0],
  lab: RunningLab,
): Promise<Errand> {
  const HOME = join(lab.directory, 'bare')
  await mkdir(HOME)
  return Errand.start(t, lab, { env: { HOME } })
}

function hostLine(host: LabHost, key: string, knownHosts: string): string {
  const way = `ansible_host=${host.address} ansible_user=root ansible_ssh_private_key_file=${key}`
  return `${host.name} ${way} ansible_ssh_common_args='-o UserKnownHostsFile=${knownHosts}'\n`
}

function isUnreachable(result: CommandResult, sentence: RegExp): void {
  const [, message = ''] = /UNREACHABLE! => \{.*"msg": "([^"\n]*)"/u.exec(result.stdout) ?? []
  assert.match(message, sentence, result.stdout)
  assert.deepEqual([result.code, result.stderr], [4, ''])
}

async function onHost(host: LabHost, script: string): Promise<void> {
  const { code, stderr } = await host.run(script)
  assert.equal(code, 0, stderr)
}

async function pings(errand: Errand, host: LabHost): Promise<void> {
  const result = await errand.run(['exec', '-i', 'hosts', host.name, '-m', 'ping'])
  assert.match(result.stdout, /SUCCESS/u, result.stderr)
  assert.equal(result.code, 0)
}
