import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HostCall, Transfer } from '../../../../controller/modules/module.ts'
import { synchronize } from '../../../../controller/modules/synchronize.ts'
import { ErrandError } from '../../../../proto/errors.ts'
import { parseJson } from '../../../../proto/json-text.ts'
import { isMap, mapOf, newMap, type ValueMap } from '../../../../proto/value.ts'

const far: Transfer = {
  isSame: false,
  isLocal: true,
  connection: 'ssh',
  address: '10.0.0.7',
  port: 2222,
  user: 'deploy',
  password: undefined,
  privateKeyFile: '/keys/id',
  sshCommonArgs: '-o LogLevel=ERROR',
  become: undefined,
}

/** What the module proper is given, of a task in /play whose role has no files but `web/`. */
async function given(
  args: Readonly<Record<string, unknown>>,
  transfer: Partial<Transfer> = {},
): Promise<ValueMap> {
  const call = {
    args: newMap(Object.entries(args) as [string, string][]),
    baseDir: '/play',
    files: {
      find: (folder: string, name: string) => {
        if (name.startsWith('web')) return `/play/roles/r/${folder}/${name}`
        throw new ErrandError('not_found', name)
      },
    },
    render: () => '',
    transfer: () => ({ ...far, ...transfer }),
    pack: () => Promise.resolve({ kind: 'python', content: new Uint8Array() }),
    upload: () => Promise.resolve('u1'),
  } as unknown as HostCall
  const asked = await synchronize.ask(call)
  if (asked.kind === 'answer') return asked.result
  const whole = parseJson(Buffer.from(asked.stdin ?? []).toString('utf8'))
  const named = isMap(whole) ? whole.get('ANSIBLE_MODULE_ARGS') : undefined
  assert.ok(named !== undefined && isMap(named))
  return newMap([...named].filter(([name]) => !String(name).startsWith('_ansible_')))
}

test('synchronize pushes to the host with its connection variables', async () => {
  assert.deepEqual(
    await given({ src: 'web/', dest: '/srv/web', delete: true }),
    mapOf({
      src: '/play/roles/r/files/web/',
      dest: 'deploy@10.0.0.7:/srv/web',
      delete: true,
      _local_rsync_path: 'rsync',
      _local_rsync_password: null,
      dest_port: 2222,
      private_key: '/keys/id',
      rsync_path: null,
    }),
  )
})

test('synchronize pulls from the host, into the folder of the playbook', async () => {
  const args = await given({ src: '/var/log/', dest: 'logs/', mode: 'pull', dest_port: 22 })
  assert.equal(args.get('src'), 'deploy@10.0.0.7:/var/log/')
  assert.equal(args.get('dest'), '/play/logs/')
  assert.equal(args.get('dest_port'), 22)
})

test('synchronize becomes another user on the far end only', async () => {
  const become = { method: 'sudo', user: 'www', password: undefined, flags: undefined } as const
  const paths = { src: '/a', dest: '/b' }
  assert.equal((await given(paths, { become })).get('rsync_path'), 'sudo -u www rsync')
  const own = await given({ ...paths, rsync_path: '/opt/rsync' }, { become })
  assert.equal(own.get('rsync_path'), '/opt/rsync')
  const same = await given(paths, { become, isSame: true })
  assert.deepEqual(
    ['src', 'dest', 'rsync_path', 'private_key'].map((name) => same.get(name)),
    ['/a', '/b', null, undefined],
  )
})

test('synchronize names hosts as rsync wants them', async () => {
  const to = async (more: Readonly<Record<string, unknown>>, transfer: Partial<Transfer> = {}) =>
    (await given({ src: '/a', dest: '/b', ...more }, transfer)).get('dest')
  assert.equal(await to({}, { address: 'fe80::1' }), '[deploy@fe80::1]:/b')
  assert.equal(await to({ set_remote_user: false }), '10.0.0.7:/b')
  assert.equal(await to({ dest: 'rsync://x/y' }), 'rsync://x/y')
  // Another port of this machine is another machine to SSH.
  assert.equal(await to({}, { address: '127.0.0.1' }), 'deploy@127.0.0.1:/b')
  assert.equal(await to({}, { address: '127.0.0.1', port: undefined }), '/b')
})

test('synchronize gives ssh the arguments of the connection where that is asked for', async () => {
  const args = await given({ src: '/a', dest: '/b', use_ssh_args: true })
  assert.match(String(args.get('ssh_args')), /ControlPersist=60s -o LogLevel=ERROR$/u)
  assert.equal(args.has('use_ssh_args'), false)
})

test('synchronize needs both ends', async () => {
  const result = await given({ src: '/a' })
  assert.equal(result.get('failed'), true)
  assert.match(String(result.get('msg')), /requires both src and dest/u)
})
