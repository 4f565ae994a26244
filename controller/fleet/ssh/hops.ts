import { userInfo } from 'node:os'
import { join } from 'node:path'
import { ErrandError } from '../../../proto/errors.ts'
import type { HostTarget } from '../../run/ports.ts'
import type { HostKeyPolicy } from './host-key-check.ts'
import { knownHostName } from './known-hosts.ts'
import { jumpOfProxyCommand, parseSshArgs } from './ssh-args.ts'
import { applySshConfig, expandHome, type SshOptions } from './ssh-config-file.ts'

/** One SSH server on the way: the target last, its jump hosts before it. */
export interface Hop {
  /** For sentences: the inventory's name, and `through X` for a jump host. */
  readonly label: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly identities: Identities
  readonly password: string | undefined
  readonly hostKeys: HostKeyPolicy
  readonly timeoutMs: number
}

/** Which keys may be shown, in this order. */
export interface Identities {
  /** Named by the inventory: tried before the ssh-agent's. */
  readonly firstFile: string | undefined
  readonly files: readonly string[]
  readonly passphrase: string | undefined
  /** Only keys of the files, also from the ssh-agent. */
  readonly isOnlyFiles: boolean
  readonly agentSocket: string | undefined
}

export interface HopOptions {
  readonly acceptNewHostKeys: boolean
  readonly environment: Readonly<Record<string, string>>
  readonly onUnsupported: (what: string) => void
}

/** Far more than anybody chains; a chain that turns in a circle ends here. */
const maxJumps = 8

/**
 * The SSH servers on the way to a host. What the inventory says comes before `ansible_ssh_common_args`, and that
 * before ssh_config. StrictHostKeyChecking is not read: no value of it is stricter than errand is.
 *
 * @throws {ErrandError} `invalid` for arguments that are none; `unsupported` for a ProxyCommand.
 */
export function hopsTo(target: HostTarget, options: HopOptions): readonly Hop[] {
  const args = parseSshArgs(target.sshCommonArgs ?? '')
  const given: SshOptions = new Map(Object.entries(inventoryOptions(target)))
  for (const [name, value] of args.options) if (!given.has(name)) given.set(name, value)
  const route = new Route(target, { ...options, configFile: args.configFile })
  return route.hops(target.address, given)
}

function inventoryOptions({ sshPort, user }: HostTarget): Record<string, readonly string[]> {
  return { ...(sshPort ? { port: [String(sshPort)] } : {}), ...(user ? { user: [user] } : {}) }
}

interface RouteOptions extends HopOptions {
  readonly configFile: string | undefined
}

class Route {
  readonly #target: HostTarget
  readonly #options: RouteOptions
  readonly #home: string

  constructor(target: HostTarget, options: RouteOptions) {
    this.#target = target
    this.#options = options
    this.#home = options.environment['HOME'] ?? userInfo().homedir
  }

  hops(alias: string, given: SshOptions, depth = 0): readonly Hop[] {
    if (depth > maxJumps)
      throw new ErrandError('invalid', `${this.#target.name}: its jump hosts go in a circle`)
    const options = this.#read(alias, given)
    const jumps = this.#jumps(options)
    const [first, ...others] = jumps
    const before = first === undefined ? [] : this.hops(first.host, first.options, depth + 1)
    const between = others.flatMap(({ host, options: own }) =>
      this.hops(host, new Map([...own, ['proxyjump', ['none']]]), depth + 1),
    )
    return [...before, ...between, this.#hop(alias, options, depth === 0)]
  }

  #read(alias: string, given: SshOptions): SshOptions {
    const options: SshOptions = new Map(given)
    const query = {
      host: alias,
      localUser: this.#localUser(),
      home: this.#home,
      onUnsupported: this.#options.onUnsupported,
    }
    const { configFile } = this.#options
    if (configFile !== undefined) applySshConfig(options, expandHome(configFile, this.#home), query)
    else {
      applySshConfig(options, join(this.#home, '.ssh/config'), query)
      applySshConfig(options, '/etc/ssh/ssh_config', query)
    }
    return options
  }

  #jumps(options: SshOptions): readonly { readonly host: string; readonly options: SshOptions }[] {
    const command = options.get('proxycommand')?.[0] ?? 'none'
    const jump = options.get('proxyjump')?.join(',')
    if (jump === undefined && command.toLowerCase() !== 'none') {
      const host = jumpOfProxyCommand(command)
      if (host !== undefined) return [jumpFrom(host)]
      throw new ErrandError(
        'unsupported',
        `${this.#target.name}: its ssh configuration has a ProxyCommand, which is not supported; say ProxyJump instead`,
      )
    }
    if (jump === undefined || jump.toLowerCase() === 'none') return []
    return jump.split(',').map((text) => jumpFrom(text.trim()))
  }

  #hop(alias: string, options: SshOptions, isTarget: boolean): Hop {
    const { name, password, timeoutMs } = this.#target
    const host = first(options, 'hostname')?.replaceAll('%h', alias).replaceAll('%%', '%') ?? alias
    const port = Number(first(options, 'port') ?? 22)
    const user = first(options, 'user') ?? this.#localUser()
    const tokens = {
      h: host,
      n: alias,
      p: String(port),
      r: user,
      u: this.#localUser(),
      d: this.#home,
      '%': '%',
    }
    const label = isTarget ? name : `${name} (jump host ${alias})`
    return {
      label,
      host,
      port,
      user,
      identities: this.#identities(options, tokens, isTarget),
      password: isTarget ? password : undefined,
      hostKeys: this.#hostKeys(options, tokens, label),
      timeoutMs: Number(first(options, 'connecttimeout') ?? 0) * 1000 || timeoutMs,
    }
  }

  #identities(options: SshOptions, tokens: Tokens, isTarget: boolean): Identities {
    const { privateKeyFile, privateKeyPassphrase } = this.#target
    const files = options.get('identityfile') ?? defaultIdentities
    const agent = first(options, 'identityagent') ?? 'SSH_AUTH_SOCK'
    return {
      firstFile: isTarget && privateKeyFile ? this.#path(privateKeyFile, tokens) : undefined,
      files: files.filter((file) => file !== 'none').map((file) => this.#path(file, tokens)),
      passphrase: privateKeyPassphrase,
      isOnlyFiles: first(options, 'identitiesonly')?.toLowerCase() === 'yes',
      agentSocket: this.#agentSocket(agent, tokens),
    }
  }

  #agentSocket(said: string, tokens: Tokens): string | undefined {
    if (said === 'none') return undefined
    if (said === 'SSH_AUTH_SOCK') return this.#options.environment['SSH_AUTH_SOCK']
    if (said.startsWith('$')) return this.#options.environment[said.replaceAll(/[${}]/gu, '')]
    return this.#path(said, tokens)
  }

  #hostKeys(options: SshOptions, tokens: Tokens, label: string): HostKeyPolicy {
    const alias = first(options, 'hostkeyalias')
    const paths = (name: string, otherwise: readonly string[]) =>
      (options.get(name)?.flatMap((value) => value.split(/\s+/u)) ?? otherwise)
        .filter((file) => file !== 'none')
        .map((file) => this.#path(file, tokens))
    return {
      host: label,
      name: alias ?? knownHostName(tokens.h, Number(tokens.p)),
      userFiles: paths('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
      globalFiles: paths('globalknownhostsfile', [
        '/etc/ssh/ssh_known_hosts',
        '/etc/ssh/ssh_known_hosts2',
      ]),
      isHashed: first(options, 'hashknownhosts')?.toLowerCase() === 'yes',
      acceptNew: this.#options.acceptNewHostKeys,
    }
  }

  #path(path: string, tokens: Tokens): string {
    const expanded = expandHome(path, this.#home)
    return expanded.replaceAll(/%([hnprud%])/gu, (_, token: keyof Tokens) => tokens[token])
  }

  #localUser(): string {
    return this.#options.environment['USER'] ?? userInfo().username
  }
}

type Tokens = Readonly<Record<'h' | 'n' | 'p' | 'r' | 'u' | 'd' | '%', string>>

/** As OpenSSH looks for them when nothing names any. */
const defaultIdentities = ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => `~/.ssh/${name}`)

function first(options: SshOptions, name: string): string | undefined {
  return options.get(name)?.[0]
}

/** `[user@]host[:port]`, an IPv6 address with a port in brackets, or `ssh://…`. */
function jumpFrom(text: string): { readonly host: string; readonly options: SshOptions } {
  const [, user, bracketed, plain, port] =
    /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:]+|[^:]*:[^:]*:.*))(?::(\d+))?$/u.exec(text) ??
    []
  const host = bracketed ?? plain
  if (host === undefined)
    throw new ErrandError('invalid', `ProxyJump: "${text}" is no [user@]host[:port]`)
  const options: SshOptions = new Map()
  if (user !== undefined) options.set('user', [user])
  if (port !== undefined) options.set('port', [port])
  return { host, options }
}
