import { join } from 'node:path'
import type { Kind } from './kinds.ts'
import { runCommand, runOrFail } from './run-command.ts'
import type { CommandOptions, CommandResult } from './run-command.ts'

/** Where a host stands and how to get in. */
export interface HostPlace {
  /** Its number in the lab, from 1. */
  readonly number: number
  readonly name: string
  readonly kind: Kind
  readonly address: string
  /** The lab's folder. */
  readonly directory: string
  /** The environment that hosts.sh needs for this lab and this host. */
  readonly environment: Readonly<Record<string, string>>
  readonly keyFile: string
  readonly knownHostsFile: string
}

/** Beside root, each host has these accounts: sudo asks `deploy` nothing, `clerk` for the password, and is not for `guest`. */
export type Account = 'root' | 'deploy' | 'clerk' | 'guest'

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** One machine of a lab. */
export class LabHost {
  readonly name: string
  readonly kind: Kind
  readonly address: string
  readonly port = 22
  readonly user: Account = 'root'
  /** The password of deploy, clerk and guest; root has none. */
  readonly password = 'lab-password'
  /** The private key that root, deploy, clerk and guest let in. */
  readonly keyFile: string
  readonly knownHostsFile: string
  readonly #place: HostPlace

  constructor(place: HostPlace) {
    this.#place = place
    this.name = place.name
    this.kind = place.kind
    this.address = place.address
    this.keyFile = place.keyFile
    this.knownHostsFile = place.knownHostsFile
  }

  /** Runs a program (a list) or a script of `sh` (a text) as root inside the host, without SSH. */
  run(command: string | readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const argv = typeof command === 'string' ? ['/bin/sh', '-c', command] : command
    const clean = ['/usr/bin/env', '-i', `PATH=${PATH}`, 'HOME=/root']
    const env =
      this.kind === 'bare' || this.kind === 'busybox' ? ['/bin/env', ...clean.slice(1)] : clean
    return runCommand([...this.#script('in'), ...env, ...argv], { ...options, env: this.#env() })
  }

  /** Runs a script as `account` over a real SSH connection from the controller's namespace. */
  ssh(
    script: string,
    options: CommandOptions & { readonly account?: Account } = {},
  ): Promise<CommandResult> {
    const { account = this.user, ...rest } = options
    const known = [
      '-F',
      'none',
      '-i',
      this.keyFile,
      '-o',
      `UserKnownHostsFile=${this.knownHostsFile}`,
    ]
    const only = [
      '-o',
      'BatchMode=yes',
      '-o',
      'ConnectTimeout=10',
      '-o',
      'IdentitiesOnly=yes',
      `${account}@${this.address}`,
      script,
    ]
    const command = [HOSTS_SCRIPT, 'ctl', 'ssh', ...known, ...only]
    return runCommand(command, { ...rest, env: this.#env() })
  }

  /** Starts the host with the disk it had; returns when its sshd answers. Harmless when it runs. */
  async boot(): Promise<void> {
    await this.#do('boot')
  }

  /** A power cut: nobody hears connections close, every process is gone; the disk stays. */
  async crash(): Promise<void> {
    await this.#do('crash')
  }

  /** Pulls or plugs the cable at the switch. */
  async link(state: 'up' | 'down'): Promise<void> {
    await this.#do('link', state)
  }

  /** A partition: silently drops everything from and to the host. */
  async drop(state: 'on' | 'off'): Promise<void> {
    await this.#do('drop', state)
  }

  /** A one-way partition: drops only what the host sends. */
  async deaf(state: 'on' | 'off'): Promise<void> {
    await this.#do('deaf', state)
  }

  /** The other one-way partition: drops only what is sent to the host. */
  async mute(state: 'on' | 'off'): Promise<void> {
    await this.#do('mute', state)
  }

  /**
   * Where this machine sees a file that the host has written, for reading, also while it is down. What lies on
   * its /tmp and /run is gone then, and what it never changed is not there. Never write there while it runs.
   */
  path(absolutePath: string): string {
    return join(this.#place.directory, String(this.#place.number), 'up', absolutePath)
  }

  async #do(...command: readonly [string, ...string[]]): Promise<void> {
    await runOrFail(this.#script(...command), { env: this.#env() })
  }

  #script(command: string, ...args: readonly string[]): readonly string[] {
    return [HOSTS_SCRIPT, command, String(this.#place.number), ...args]
  }

  #env(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.#place.environment }
  }
}

const HOSTS_SCRIPT = join(import.meta.dirname, 'hosts.sh')
