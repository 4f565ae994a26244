import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { text } from 'node:stream/consumers'
import { isAnswering } from '../../../controller/cli/start-controller.ts'
import { waitFor } from '../../support/wait-for.ts'

const commandLine = join(import.meta.dirname, '../../../controller/cli/main.ts')
const fakeController = join(import.meta.dirname, 'fake-controller.ts')

/** What a program said and how it ended. */
export interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder for everything that errand keeps, and programs that use it; all ends with the test. */
export class TestHome {
  readonly folder: string
  readonly #t: TestContext

  constructor(t: TestContext) {
    this.#t = t
    this.folder = mkdtempSync(join(tmpdir(), 'errand-home-'))
    t.after(async () => {
      // A controller that the command line started is nobody's child.
      if (existsSync(this.socket)) await this.errand('controller', 'stop')
      rmSync(this.folder, { recursive: true, force: true })
    })
  }

  get socket(): string {
    return join(this.folder, 'controller.sock')
  }

  /** Starts a controller of make-believe and waits until it answers. */
  async startController(): Promise<ChildProcess> {
    const child = this.#spawn([fakeController])
    child.stdout?.resume()
    child.stderr?.pipe(process.stderr)
    await waitFor('the controller to answer', () => isAnswering(this.socket))
    return child
  }

  /** Runs `errand` to its end. */
  async errand(...words: readonly string[]): Promise<Said> {
    return this.said(this.start(...words))
  }

  /** The same with something on standard input, and more in the environment. */
  async errandWith(
    { input = '', env = {} }: { readonly input?: string; readonly env?: NodeJS.ProcessEnv },
    ...words: readonly string[]
  ): Promise<Said> {
    return this.said(this.#spawn([commandLine, ...words], { input, env }))
  }

  /** Starts `errand`. */
  start(...words: readonly string[]): ChildProcess {
    return this.#spawn([commandLine, ...words])
  }

  async said(child: ChildProcess): Promise<Said> {
    const { stdout, stderr } = child
    if (!stdout || !stderr) throw new Error('a program with pipes is expected')
    const ended = once(child, 'close') as Promise<[number | null]>
    const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), ended])
    return { code, stdout: out, stderr: err }
  }

  #spawn(
    args: readonly string[],
    { input, env }: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ): ChildProcess {
    const { PATH, NODE_COMPILE_CACHE } = process.env
    const own = { PATH, NODE_COMPILE_CACHE, HOME: this.folder, ERRAND_HOME: this.folder }
    const environment = { ...own, ...env }
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      env: environment,
      stdio: 'pipe',
    })
    child.stdin.end(input)
    this.#t.after(() => child.kill('SIGKILL'))
    return child
  }
}
