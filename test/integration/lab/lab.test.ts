import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startLab } from '../../lab/lab.ts'
import { Lab } from '../../support/lab.ts'
import { waitFor } from '../../support/wait-for.ts'

const skip = Lab.skipReason()

test(
  'startLab() keeps labs apart, and disposing of one leaves nothing of it',
  { skip },
  async (t) => {
    const kept = await Lab.start(t, { names: ['db'] })
    const ended = await startLab({ names: ['web'] })
    assert.notEqual(kept.host(1).address, ended.host(1).address)
    assert.equal((await ended.host(1).ssh('hostname')).stdout, 'web\n')
    await ended[Symbol.asyncDispose]()
    await ended[Symbol.asyncDispose]()
    assert.equal(existsSync(ended.directory), false)
    assert.notEqual((await ended.run(['true'])).code, 0)
    assert.equal((await kept.host(1).ssh('hostname')).stdout, 'db\n')
  },
)

test('startLab() clears the lab of a process that died', { skip }, async (t) => {
  const module = join(import.meta.dirname, '..', '..', 'lab', 'lab.ts')
  const script = `const lab = await (await import(${JSON.stringify(module)})).startLab()
    console.log(lab.directory); setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script])
  t.after(() => owner.kill('SIGKILL'))
  const [line] = (await once(owner.stdout, 'data')) as [Buffer]
  const directory = line.toString().trim()
  assert.ok(existsSync(join(directory, '1', 'pid')))
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  await Lab.start(t)
  await waitFor('the folder to go, by us or another test', () => !existsSync(directory))
})

test('startLab() gives hosts a cgroup v2 of their own, or none', { skip }, async (t) => {
  const lab = await Lab.start(t)
  const without = await Lab.start(t, { hasCgroup: false })
  const look = 'cat /proc/self/cgroup; mkdir /sys/fs/cgroup/job && echo can'
  const hasV2 = existsSync('/sys/fs/cgroup/cgroup.procs') || existsSync('/sys/fs/cgroup/unified')
  const said = await lab.host(1).ssh(look)
  if (hasV2) assert.match(said.stdout, /^0::\/\n[^]*can\n$/m)
  assert.doesNotMatch((await without.host(1).ssh(look)).stdout, /can\n$/)
})

test('inventoryText() names hosts, groups and groups of groups', { skip }, async (t) => {
  const lab = await Lab.start(t, { names: ['db'] })
  const host = lab.host(1)
  const text = lab.inventoryText({ db_server: [host], all_servers: [':db_server'] })
  const known = `ansible_ssh_common_args='-o UserKnownHostsFile=${lab.knownHostsFile}'`
  const way = `ansible_host=${host.address} ansible_port=22 ansible_user=root`
  assert.equal(
    text,
    `db ${way} ansible_ssh_private_key_file=${lab.keyFile} ${known}

[db_server]
db

[all_servers]

[all_servers:children]
db_server
`,
  )
})
