import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { runCommand, type CommandOptions, type CommandResult } from '../lab/run-command.ts'
import type { InventoryGroups, Lab } from '../lab/lab.ts'

const program = join(import.meta.dirname, '../../dist/errand')

/** The built command line, with an ERRAND_HOME, a HOME and files of its own. */
export class Errand {
  /** Everything that this errand keeps, and the working directory of its commands. */
  readonly folder: string
  readonly home: string
  readonly #prefix: readonly string[]
  readonly #env: NodeJS.ProcessEnv

  constructor(options: {
    readonly folder: string
    readonly prefix: readonly string[]
    readonly userHome: string
    readonly env: NodeJS.ProcessEnv
  }) {
    this.folder = options.folder
    this.home = join(options.folder, 'home')
    this.#prefix = options.prefix
    this.#env = {
      PATH: process.env['PATH'],
      HOME: options.userHome,
      ERRAND_HOME: this.home,
      LANG: 'C.UTF-8',
      ...options.env,
    }
  }

  /**
   * An errand that runs in the lab's controller namespace, and whose inventory `hosts` has the lab's hosts. The
   * test's end stops its controller and removes its files.
   */
  static async start(
    t: TestContext,
    lab: Lab,
    options: { readonly groups?: InventoryGroups; readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<Errand> {
    const folder = await mkdtemp(join(tmpdir(), 'errand-e2e-'))
    const { groups = {}, env = {} } = options
    const errand = new Errand({ folder, prefix: lab.controllerPrefix, userHome: lab.home, env })
    t.after(async () => {
      await errand.run(['controller', 'stop'])
      await rm(folder, { recursive: true, force: true })
    })
    await errand.write('hosts', lab.inventoryText(groups))
    return errand
  }

  /** Writes a file below the working directory; gives its path. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.folder, name)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, text)
    return path
  }

  /** Runs `errand ARGS` to its end. */
  run(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const env = { ...this.#env, ...options.env }
    return runCommand([...this.#prefix, program, ...args], { cwd: this.folder, ...options, env })
  }

  /** Starts `errand ARGS` and leaves it running: for what is looked at while it runs. The caller ends it. */
  spawn(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
    const [first = program, ...rest] = [...this.#prefix, program, ...args]
    return spawn(first, rest, { cwd: this.folder, env: { ...this.#env, ...env } })
  }

  /** Starts `errand ARGS` on a terminal of its own, so many columns wide; killing what this gives closes the terminal. */
  onTerminal(args: readonly string[], columns: number): ChildProcessWithoutNullStreams {
    const words = [program, ...args].map((word) => `'${word}'`).join(' ')
    const command = `stty cols ${columns}; exec ${words}`
    const argv = [...this.#prefix, 'script', '-qfec', command, '/dev/null']
    const [first = 'script', ...rest] = argv
    return spawn(first, rest, { cwd: this.folder, env: { ...this.#env, NO_COLOR: '1' } })
  }

  /** What `errand ARGS --json` prints, one object a line. */
  async json(
    args: readonly string[],
    options: CommandOptions = {},
  ): Promise<readonly Record<string, unknown>[]> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], options)
    if (code !== 0) throw new Error(`errand ${args.join(' ')} ended with ${code}: ${stderr}`)
    const lines = stdout.split('\n').filter((line) => line !== '')
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  }
}
