import { appendFile, cp, mkdir, readdir, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startLab } from '../lab/lab.ts'
import type { Lab } from '../lab/lab.ts'
import { CASES_DIRECTORY } from './case.ts'
import type { Case } from './case.ts'

/** The hosts' names: those that the cases' inventories use. */
export const HOST_NAMES = ['web1', 'web2', 'db1'] as const

const NOT_PART_OF_THE_CASE = /^(expected\..*|args|command)$/

const CLEAN_TMP = 'find /tmp -mindepth 1 -delete && mkdir -m 0755 /tmp/c'

/** The hosts and files on which every case is played, by either program. */
export class Stage implements AsyncDisposable {
  readonly lab: Lab
  /** An ssh_config that knows the hosts by their names. */
  readonly sshConfig: string
  readonly #cases: string
  #played = 0

  private constructor(lab: Lab) {
    this.lab = lab
    this.sshConfig = join(lab.home, '.ssh', 'config')
    this.#cases = join(lab.directory, 'cases')
  }

  /** Starts the hosts; the caller disposes of the stage. */
  static async open(): Promise<Stage> {
    const lab = await startLab({ hosts: HOST_NAMES.length, kind: 'sshd', names: HOST_NAMES })
    const stage = new Stage(lab)
    const names = lab.hosts.map((host) => `Host ${host.name}\n  HostName ${host.address}\n`)
    await appendFile(stage.sshConfig, names.join(''))
    await mkdir(stage.#cases)
    return stage
  }

  /** The first three octets of the hosts' addresses. */
  get network(): string {
    return this.lab.controllerAddress.split('.').slice(0, 3).join('.')
  }

  /** Gives a case its own copy of its files, and on each host a /tmp with nothing but an empty folder `c`: what was played before is gone. */
  async set(entry: Case): Promise<string> {
    this.#played += 1
    const directory = join(this.#cases, String(this.#played), 'case')
    await mkdir(directory, { recursive: true })
    const names = await readdir(entry.directory)
    const own = names.filter((name) => !NOT_PART_OF_THE_CASE.test(name))
    await Promise.all(
      own.map((name) =>
        // Links stay as they are written: others would name the folder of this checkout.
        cp(join(entry.directory, name), join(directory, name), {
          recursive: true,
          verbatimSymlinks: true,
        }),
      ),
    )
    const inventory = join(directory, 'inventory')
    if (!existsSync(inventory)) await cp(join(CASES_DIRECTORY, 'hosts'), inventory)
    await Promise.all(this.lab.hosts.map((host) => host.run(CLEAN_TMP)))
    return directory
  }

  /** Removes a case's copy. */
  async clear(directory: string): Promise<void> {
    await rm(directory, { recursive: true, force: true })
  }

  /** The environment that both programs get. */
  environment(): NodeJS.ProcessEnv {
    return {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: this.lab.home,
      USER: 'root',
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
      CONFORMANCE_WORD: 'a word from outside',
    }
  }

  /** Ends the hosts. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.lab[Symbol.asyncDispose]()
  }
}
