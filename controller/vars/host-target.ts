import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import type { ConnectionFlags } from '../../proto/run.ts'
import type { Value } from '../../proto/value.ts'
import { lineage } from '../playbook/lineage.ts'
import type { Play, Task } from '../playbook/playbook.ts'
import type { BecomeTarget, HostTarget } from '../run/ports.ts'
import type { Scope } from '../template/scope.ts'
import { Undefined } from '../template/scope.ts'
import { omitToken, toText } from '../template/templates.ts'
import type { Templates } from '../template/templates.ts'

/** What connecting depends on beside variables: lowest the configuration, then flags, then keywords. */
export interface ConnectionSource {
  /** Of the host that is connected to. */
  readonly scope: Scope
  /** Where keywords (`remote_user`, `become` …) are looked up, and the templates in them. */
  readonly node: Task | Play | undefined
  readonly templates: Templates
  readonly flags: ConnectionFlags
  readonly defaults: ConnectionDefaults
  /** No inventory names it. */
  readonly isImplicit: boolean
  /** What a relative key file is relative to. */
  readonly cwd: string
}

/** From ansible.cfg and the environment. */
export interface ConnectionDefaults {
  readonly remoteUser: string | undefined
  readonly remotePort: number | undefined
  readonly privateKeyFile: string | undefined
  readonly transport: string
  readonly timeoutSeconds: number
  readonly become: boolean
  readonly becomeMethod: string
  readonly becomeUser: string
  readonly becomeFlags: string | undefined
  readonly sshCommonArgs: string | undefined
  readonly sshRetries: number
}

const agentPort = 7433

/**
 * How to reach the host `name`: its variables first, then keywords, flags and the configuration.
 *
 * @throws {ErrandError} `invalid` for a value that cannot be, `unsupported` for a connection that errand does not have.
 */
export function hostTarget(name: string, source: ConnectionSource): HostTarget {
  const read = new SettingReader(name, source)
  const { flags, defaults } = source
  const key =
    read.text('ansible_ssh_private_key_file', 'ansible_private_key_file') ??
    flags.privateKeyFile ??
    defaults.privateKeyFile
  return {
    name,
    connection: connectionOf(name, read, source),
    address: read.text('ansible_host', 'ansible_ssh_host') ?? name,
    sshPort:
      read.port('ansible_port', 'ansible_ssh_port') ?? read.keywordPort() ?? defaults.remotePort,
    user:
      read.text('ansible_user', 'ansible_ssh_user') ??
      read.keyword('remote_user') ??
      flags.user ??
      defaults.remoteUser,
    password:
      read.text('ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password') ??
      flags.sshPassword,
    privateKeyFile:
      key === undefined ? undefined : resolve(source.cwd, key.replace(/^~(?=\/)/u, homedir())),
    privateKeyPassphrase: read.text(
      'ansible_ssh_private_key_passphrase',
      'errand_ssh_private_key_passphrase',
    ),
    sshCommonArgs: sshArgs(read, source),
    agentPort: read.port('errand_port') ?? agentPort,
    become: installBecome(read, source),
    timeoutMs:
      1000 *
      (flags.timeoutSeconds ??
        read.number('ansible_ssh_timeout', 'ansible_timeout') ??
        defaults.timeoutSeconds),
    sshRetries: read.number('ansible_ssh_retries') ?? defaults.sshRetries,
  }
}

/**
 * Whom a task becomes, and how; undefined when it stays who it is.
 *
 * @throws {ErrandError} `unsupported` for a method that errand does not have.
 */
export function becomeTarget(name: string, source: ConnectionSource): BecomeTarget | undefined {
  const read = new SettingReader(name, source)
  const { flags, defaults } = source
  const isOn =
    read.bool('ansible_become') ?? read.keywordBool('become') ?? (flags.become || defaults.become)
  if (!isOn) return undefined
  const user =
    read.text('ansible_become_user', 'ansible_sudo_user', 'ansible_su_user') ??
    read.keyword('become_user') ??
    flags.becomeUser ??
    defaults.becomeUser
  return { ...becomeWay(read, source), user }
}

function becomeWay(read: SettingReader, source: ConnectionSource): Omit<BecomeTarget, 'user'> {
  const { flags, defaults } = source
  const method =
    read.text('ansible_become_method') ??
    read.keyword('become_method') ??
    flags.becomeMethod ??
    defaults.becomeMethod
  const short = method.replace(/^(?:ansible\.builtin|ansible\.legacy)\./u, '')
  if (short !== 'sudo' && short !== 'su') {
    throw new ErrandError(
      'unsupported',
      `become_method "${method}" of host ${read.host} is not supported: use sudo or su`,
    )
  }
  return {
    method: short,
    password:
      read.text('ansible_become_password', 'ansible_become_pass', `ansible_${short}_pass`) ??
      flags.becomePassword,
    flags:
      read.text('ansible_become_flags', `ansible_${short}_flags`) ??
      read.keyword('become_flags') ??
      defaults.becomeFlags,
  }
}

/** Installing needs root rights where anything says how to get them. */
function installBecome(read: SettingReader, source: ConnectionSource): BecomeTarget | undefined {
  const { flags, defaults } = source
  const password =
    read.text('ansible_become_password', 'ansible_become_pass') ?? flags.becomePassword
  const isOn =
    read.bool('errand_become') ??
    (read.bool('ansible_become') === true ||
      read.keywordBool('become') === true ||
      flags.become ||
      defaults.become ||
      password !== undefined)
  return isOn ? { ...becomeWay(read, source), user: 'root' } : undefined
}

function connectionOf(
  name: string,
  read: SettingReader,
  source: ConnectionSource,
): 'ssh' | 'local' {
  const { flags, defaults } = source
  const written =
    read.text('ansible_connection') ??
    read.keyword('connection') ??
    flags.connection ??
    defaults.transport
  const short = written.replace(/^(?:ansible\.builtin|ansible\.legacy)\./u, '')
  if (short === 'local') return 'local'
  if (['ssh', 'smart', 'paramiko', 'paramiko_ssh'].includes(short)) return 'ssh'
  throw new ErrandError(
    'unsupported',
    `the connection "${written}" of host ${name} is not supported: use ssh or local`,
  )
}

function sshArgs(read: SettingReader, source: ConnectionSource): string | undefined {
  const parts = [
    read.text('ansible_ssh_common_args') ??
      source.flags.sshCommonArgs ??
      source.defaults.sshCommonArgs,
    read.text('ansible_ssh_extra_args'),
  ].filter((part) => part !== undefined && part !== '')
  return parts.length === 0 ? undefined : parts.join(' ')
}

/** Reads settings of one host; the first variable that is there and not empty counts. */
class SettingReader {
  readonly host: string
  readonly #source: ConnectionSource

  constructor(host: string, source: ConnectionSource) {
    this.host = host
    this.#source = source
  }

  #first(names: readonly string[]): Value | undefined {
    for (const name of names) {
      const value = this.#source.scope.resolve(name)
      if (value instanceof Undefined) continue
      if (value !== null && value !== '') return value
    }
    return undefined
  }

  text(...names: readonly string[]): string | undefined {
    const value = this.#first(names)
    return value === undefined ? undefined : toText(value)
  }

  number(...names: readonly string[]): number | undefined {
    const text = this.text(...names)
    if (text === undefined) return undefined
    const value = Number(text)
    if (Number.isFinite(value)) return value
    throw new ErrandError(
      'invalid',
      `${names.join(' or ')} of host ${this.host} must be a number, got "${text}"`,
    )
  }

  port(...names: readonly string[]): number | undefined {
    return this.#checkPort(this.number(...names), names.join(' or '))
  }

  bool(...names: readonly string[]): boolean | undefined {
    const value = this.#first(names)
    return value === undefined ? undefined : isYes(value)
  }

  keyword(name: string): string | undefined {
    const value = this.#keyword(name)
    return value === undefined ? undefined : toText(value)
  }

  keywordBool(name: string): boolean | undefined {
    const value = this.#keyword(name)
    return value === undefined ? undefined : isYes(value)
  }

  keywordPort(): number | undefined {
    const text = this.keyword('port')
    return text === undefined ? undefined : this.#checkPort(Number(text), 'port')
  }

  #checkPort(value: number | undefined, what: string): number | undefined {
    if (value === undefined || (Number.isInteger(value) && value > 0 && value < 65536)) return value
    throw new ErrandError('invalid', `${what} of host ${this.host} must be 1..65535, got ${value}`)
  }

  /** The nearest node's; an including task keeps its keywords to itself. */
  #keyword(name: string): Value | undefined {
    const { node, templates, scope } = this.#source
    if (!node) return undefined
    for (const next of lineage(node)) {
      if (next.kind === 'task' && next !== node) continue
      const written = next.keywords.get(name)
      if (written === undefined || written === null) continue
      const value = templates.render(written, scope)
      return value === null || value === '' || value === omitToken ? undefined : value
    }
    return undefined
  }
}

/** Ansible's idea of true: yes, on, true, t, y, 1, in any case. */
function isYes(value: Value): boolean {
  if (typeof value === 'boolean') return value
  return /^(?:y|yes|on|1|true|t|1\.0)$/iu.test(toText(value).trim())
}
