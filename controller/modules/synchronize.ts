/**
 * The controller's half of `ansible.posix.synchronize`: from the task's host and its connection variables to the paths and options
 * that the module proper, which calls rsync, is given. rsync makes its own SSH connection, with OpenSSH's keys and known hosts.
 */
import { resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { newMap, without, type Value } from '../../proto/value.ts'
import { readBool, textOf } from './arguments.ts'
import { askInstalled } from './installed-module.ts'
import { failure, type HostCall, type HostModule, type Transfer } from './module.ts'

const name = 'ansible.posix.synchronize'
const localNames = ['127.0.0.1', 'localhost', '::1']

/** Copies files between the controller, or a host that the task is handed to, and the task's host by rsync. */
export const synchronize: HostModule = {
  kind: 'host',
  name,
  isFreeForm: false,
  isTransfer: true,
  options: 'any',
  ask: async (call) => {
    const [src, dest] = [given(call, 'src'), given(call, 'dest')]
    if (src === undefined || dest === undefined)
      return failure('synchronize requires both src and dest parameters are set')
    const transfer = call.transfer()
    const ends = transfer.isSame
      ? { src: ownPath(call, src), dest: ownPath(call, dest) }
      : endsOf(call, transfer, { src, dest })
    const args = newMap([
      ...without(call.args, ['use_ssh_args']),
      ...Object.entries({ ...connectionArgs(call, transfer), ...ends }),
    ])
    const isHere = transfer.isLocal && transfer.connection !== 'local'
    return await askInstalled(call, {
      name,
      calledAs: name,
      args,
      ...(isHere ? { interpreter: ownPython(call) } : {}),
    })
  },
}

function given(call: HostCall, option: string): string | undefined {
  const value = call.args.get(option)
  return value === undefined || value === null ? undefined : textOf(value)
}

function connectionArgs(call: HostCall, transfer: Transfer): Readonly<Record<string, Value>> {
  const { isSame, port, privateKeyFile, password, become } = transfer
  const asked = given(call, 'rsync_path')
  const becomes = !isSame && asked === undefined && become?.method === 'sudo'
  const rsyncPath = becomes ? `sudo -u ${become.user} rsync` : (asked ?? null)
  const destPort = call.args.get('dest_port') ?? port
  const key = call.args.get('private_key') ?? privateKeyFile ?? null
  const sshArgs = sshArgsOf(call, transfer)
  return {
    _local_rsync_path: variable(call, 'ansible_rsync_path') ?? 'rsync',
    _local_rsync_password: password ?? null,
    ...(destPort === undefined ? {} : { dest_port: destPort }),
    ...(isSame ? {} : { private_key: key }),
    ...(sshArgs === undefined ? {} : { ssh_args: sshArgs }),
    rsync_path: rsyncPath,
  }
}

/** What Ansible gives to ssh where nobody says otherwise. */
const usualSshArgs = '-C -o ControlMaster=auto -o ControlPersist=60s'

function sshArgsOf(call: HostCall, { connection, sshCommonArgs }: Transfer): string | undefined {
  if (readBool(call.args.get('use_ssh_args') ?? false) !== true || connection !== 'ssh')
    return undefined
  return [variable(call, 'ansible_ssh_args') ?? usualSshArgs, sshCommonArgs ?? '']
    .filter((part) => part !== '')
    .join(' ')
}

interface Ends {
  readonly src: string
  readonly dest: string
}

/** One end is a path where the module runs, the other one is on the task's host: which is which, `mode` says. */
function endsOf(
  call: HostCall,
  transfer: Transfer,
  { src, dest }: Ends,
): Readonly<Record<string, Value>> {
  const isPull = given(call, 'mode') === 'pull'
  const far = farEnd(call, transfer, isPull ? src : dest)
  const near = ownPath(call, isPull ? dest : src)
  const ends = isPull ? { src: far.path, dest: near } : { src: near, dest: far.path }
  return far.isController ? { ...ends, _substitute_controller: true } : ends
}

function farEnd(
  call: HostCall,
  transfer: Transfer,
  path: string,
): { readonly path: string; readonly isController: boolean } {
  const { address, isLocal, port } = transfer
  const isOwn = localNames.includes(address)
  const isUsualPort = String(port ?? '') === localPort(call)
  if (isOwn && isLocal && isUsualPort) return { path: ownPath(call, path), isController: false }
  return { path: remotePath(call, transfer, path), isController: isOwn && isUsualPort }
}

function localPort(call: HostCall): string {
  return variable(call, "hostvars['localhost'].ansible_port") ?? ''
}

function remotePath(call: HostCall, { address, user }: Transfer, path: string): string {
  if (path.startsWith('rsync://')) return path
  const hasUser = readBool(call.args.get('set_remote_user') ?? true) !== false
  const before = hasUser && user !== undefined ? `${user}@` : ''
  return address.includes(':') ? `[${before}${address}]:${path}` : `${before}${address}:${path}`
}

/** A relative path is one of the task's files, or else begins in the playbook's folder. */
function ownPath(call: HostCall, path: string): string {
  if (path.includes(':') || path.startsWith('/')) return path
  const found = path.startsWith('~') ? path : (findFile(call, path) ?? resolve(call.baseDir, path))
  return path.endsWith('/') && !found.endsWith('/') ? `${found}/` : found
}

function findFile(call: HostCall, path: string): string | undefined {
  try {
    return call.files.find('files', path)
  } catch (error) {
    if (error instanceof ErrandError && error.code === 'not_found') return undefined
    throw error
  }
}

/** The controller's Python, whatever the task's host has. */
function ownPython(call: HostCall): string {
  return (
    variable(call, "hostvars['localhost'].ansible_python_interpreter") ??
    variable(call, 'ansible_playbook_python') ??
    'python3'
  )
}

function variable(call: HostCall, expression: string): string | undefined {
  const value = call.render(`{{ ${expression} | ansible.builtin.default('') }}`)
  return value === null || value === '' ? undefined : textOf(value)
}
