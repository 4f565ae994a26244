import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Targets } from './targets.ts'

const errand = join(import.meta.dirname, '..', '..', 'dist', 'errand')

/** Runs errand in front of the user, in the folder of the example. */
export class Show {
  readonly #targets: Targets
  readonly #folder: string
  readonly #environment: NodeJS.ProcessEnv
  #isStopped = false

  constructor(targets: Targets, folder: string) {
    this.#targets = targets
    this.#folder = folder
    const home = { HOME: targets.home, ERRAND_HOME: join(folder, 'home') }
    this.#environment = { ...process.env, ...home }
  }

  /** The user wants to leave: nothing more is shown, and what was made is cleaned up. */
  stop(): void {
    this.#isStopped = true
  }

  async errand(args: readonly string[]): Promise<void> {
    if (this.#isStopped) throw new Error('broken off')
    process.stdout.write(`\n$ errand ${args.map(quoted).join(' ')}\n`)
    const code = await this.#run(args, 'inherit')
    if (code !== 0) throw new Error(`errand ${args[0] ?? ''} ended with exit code ${code}`)
  }

  async quietly(args: readonly string[]): Promise<void> {
    await this.#run(args, 'ignore')
  }

  async newestJob(): Promise<string> {
    const child = spawn(
      ...this.#command(['jobs', '--json']),
      this.#options(['ignore', 'pipe', 'inherit']),
    )
    let text = ''
    for await (const part of child.stdout ?? []) text += String(part)
    const [first = '{}'] = text.split('\n')
    const { jobId } = JSON.parse(first) as { readonly jobId?: string }
    if (jobId === undefined) throw new Error('there should be jobs by now')
    return jobId
  }

  async #run(args: readonly string[], output: 'inherit' | 'ignore'): Promise<number> {
    const child = spawn(...this.#command(args), this.#options(['ignore', output, output]))
    const [code] = (await once(child, 'exit')) as [number | null]
    return code ?? 1
  }

  #command(args: readonly string[]): [string, string[]] {
    const [program = errand, ...rest] = [...this.#targets.prefix, errand, ...args]
    return [program, rest]
  }

  #options(stdio: ('ignore' | 'inherit' | 'pipe')[]) {
    return { cwd: this.#folder, env: this.#environment, stdio }
  }
}

function quoted(word: string): string {
  return /\s/u.test(word) ? `'${word}'` : word
}
