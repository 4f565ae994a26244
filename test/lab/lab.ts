import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { environmentOf } from './kinds.ts'
import type { Kind } from './kinds.ts'
import { LabHost } from './lab-host.ts'
import { runCommand, runOrFail } from './run-command.ts'
import type { CommandOptions, CommandResult } from './run-command.ts'
import { takeSlot } from './slot.ts'
import type { Slot } from './slot.ts'

// Real targets on one machine: hosts made out of namespaces, each with its own address, disk, PID 1 and sshd,
// and a network that can be cut. hosts.sh makes them; this folder gives them to TypeScript.

const HOSTS_SCRIPT = join(import.meta.dirname, 'hosts.sh')

/** What hosts a lab has. */
export interface LabOptions {
  /** How many. Default 1. */
  readonly hosts?: number
  /** Of which kind. Default `sshd`. */
  readonly kind?: Kind
  /** For hosts of several kinds, in place of `hosts` and `kind`: the kind of each. */
  readonly kinds?: readonly Kind[]
  /** The hosts' names, as many as hosts. Default: names unique on this machine. */
  readonly names?: readonly string[]
  /** Whether the hosts have cgroup v2, if this machine has. Default true; systemd cannot do without. */
  readonly hasCgroup?: boolean
}

/** A group's name → the hosts in it; a text starting with `:` is taken as the name of a child group. */
export type InventoryGroups = Readonly<Record<string, readonly (LabHost | `:${string}`)[]>>

/** Hosts that run, and the namespace from which a controller reaches them. */
export class Lab implements AsyncDisposable {
  readonly hosts: readonly LabHost[]
  /** Write it before a program's argument list to run that program in the controller's network. */
  readonly controllerPrefix: readonly string[]
  /** Host keys of all hosts, in the form of ~/.ssh/known_hosts. */
  readonly knownHostsFile: string
  /** The private key that every account of every host lets in. */
  readonly keyFile: string
  /** A home folder whose .ssh has `known_hosts`, `id_ed25519` and a `config` that names both. */
  readonly home: string
  /** The lab's folder, for files of the test; gone with the lab. */
  readonly directory: string
  /** The controller's own address in the lab. */
  readonly controllerAddress: string
  readonly #slot: Slot

  constructor(slot: Slot, hosts: readonly LabHost[]) {
    this.#slot = slot
    this.hosts = hosts
    this.directory = slot.directory
    this.home = join(slot.directory, 'home')
    this.keyFile = join(slot.directory, 'key')
    this.knownHostsFile = join(this.home, '.ssh', 'known_hosts')
    this.controllerPrefix = ['ip', 'netns', 'exec', `${slot.environment.P}ctl`]
    this.controllerAddress = `${slot.environment.NET}.254`
  }

  /** The host with that number, from 1. */
  host(number: number): LabHost {
    const host = this.hosts[number - 1]
    if (host === undefined) throw new Error(`the lab has ${this.hosts.length} hosts, not ${number}`)
    return host
  }

  /** Runs a program to its end in the controller's network. */
  run(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return runCommand([...this.controllerPrefix, ...argv], options)
  }

  /** Loses that share of all frames at random, 0 to 100; 0 ends it. */
  async loss(percent: number): Promise<void> {
    const env = { ...process.env, ...this.#slot.environment }
    await runOrFail([HOSTS_SCRIPT, 'loss', String(percent)], { env })
  }

  /** An inventory (INI) with these groups, which errand and Ansible read alike. */
  inventoryText(groups: InventoryGroups): string {
    const lines = this.hosts.map((host) => inventoryLine(host))
    for (const [group, members] of Object.entries(groups)) {
      const hosts = members.filter((member) => typeof member !== 'string')
      const children = members.filter((member) => typeof member === 'string')
      lines.push('', `[${group}]`, ...hosts.map((host) => host.name))
      if (children.length > 0) {
        lines.push('', `[${group}:children]`, ...children.map((child) => child.slice(1)))
      }
    }
    return `${lines.join('\n')}\n`
  }

  /** Ends every host, removes the namespaces and the folder. Twice is harmless. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#slot.release()
  }
}

/** Starts hosts, all at once, and returns when each answers; the caller disposes of the lab. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const slot = await takeSlot()
  try {
    const hosts = await placeHosts(slot, options)
    await runOrFail([HOSTS_SCRIPT, 'switch'], { env: { ...process.env, ...slot.environment } })
    await Promise.all(hosts.map((host) => host.boot()))
    const lab = new Lab(slot, hosts)
    await writeHome(lab)
    return lab
  } catch (error) {
    await slot.release()
    throw error
  }
}

async function placeHosts(slot: Slot, options: LabOptions): Promise<readonly LabHost[]> {
  const { hosts = 1, kind = 'sshd', hasCgroup = true, names = [] } = options
  const { kinds = Array.from({ length: hosts }, () => kind) } = options
  const directory = slot.directory
  return Promise.all(
    kinds.map(async (kindOfHost, index) => {
      const number = index + 1
      const name = names[index] ?? `${slot.environment.P}${number}`
      const own = { NAME: name, CGROUP: hasCgroup ? 'yes' : 'no', HIDE: '' }
      const environment = { ...slot.environment, ...own, ...(await environmentOf(kindOfHost)) }
      const address = `${slot.environment.NET}.${number}`
      const keyFile = join(directory, 'key')
      const knownHostsFile = join(directory, 'home', '.ssh', 'known_hosts')
      return new LabHost({
        number,
        name,
        kind: kindOfHost,
        address,
        directory,
        environment,
        keyFile,
        knownHostsFile,
      })
    }),
  )
}

async function writeHome(lab: Lab): Promise<void> {
  const ssh = join(lab.home, '.ssh')
  await mkdir(ssh, { recursive: true, mode: 0o700 })
  for (const [index, host] of lab.hosts.entries()) {
    const key = await readFile(join(lab.directory, String(index + 1), 'host_key.pub'), 'utf8')
    await appendFile(
      lab.knownHostsFile,
      `${host.address} ${key.split(' ').slice(0, 2).join(' ')}\n`,
    )
  }
  const identity = join(ssh, 'id_ed25519')
  await writeFile(identity, await readFile(lab.keyFile), { mode: 0o600 })
  const config = [
    'Host *',
    `  IdentityFile ${identity}`,
    `  UserKnownHostsFile ${lab.knownHostsFile}`,
    '',
  ]
  await writeFile(join(ssh, 'config'), config.join('\n'), { mode: 0o600 })
}

function inventoryLine(host: LabHost): string {
  const known = `ansible_ssh_common_args='-o UserKnownHostsFile=${host.knownHostsFile}'`
  const way = `ansible_host=${host.address} ansible_port=${host.port} ansible_user=${host.user}`
  return `${host.name} ${way} ansible_ssh_private_key_file=${host.keyFile} ${known}`
}
