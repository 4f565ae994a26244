/** A small shell that starts shims at our word: a fork of it costs a fraction of a fork of the agent, and blocks nobody. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Logger } from 'pino'

export interface LauncherOptions {
  /** The shell of the shims, and words before the script. */
  readonly shell: readonly string[]
  /** A setsid that forks when told with -f. */
  readonly setsid: string
  readonly log: Logger
}

/**
 * Each line that the shell reads is a script to start in a session of its own. `setsid -f` returns at once; a shell's own
 * background would start it with INT and QUIT ignored for good. A script that could not be started is said on standard
 * output, by the shell or by the script itself; a shell that can fork no more ends.
 */
const script =
  'setsid=$1; shift; while IFS= read -r file; do "$setsid" -f "$@" "$file" || echo "$file"; done'

/** Starts scripts in sessions of their own. Its end is theirs not: they belong to nobody. */
export class ShimLauncher {
  readonly #options: LauncherOptions
  readonly #failed = new Set<string>()
  #child: ChildProcess | undefined

  constructor(options: LauncherOptions) {
    this.#options = options
  }

  /**
   * Starts `file`, a path without line ends. That it came up shows in what the script does.
   *
   * @returns whether it is known not to come up, or nobody could say so any more.
   */
  start(file: string): () => boolean {
    this.#child ??= this.#open()
    const child = this.#child
    child.stdin?.write(`${file}\n`)
    return () => child !== this.#child || this.#failed.delete(file)
  }

  [Symbol.dispose](): void {
    this.#child?.stdin?.end()
    this.#child = undefined
  }

  #open(): ChildProcess {
    const { shell, setsid, log } = this.#options
    const [program = '/bin/sh', ...words] = shell
    const child = spawn(program, [...words, '-c', script, 'errand-launcher', setsid, ...shell], {
      cwd: '/',
      detached: true,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.#listen(child.stdout)
    const forget = () => {
      if (this.#child !== child) return
      this.#child = undefined // the next start opens another
      log.warn('the launcher of shims has ended')
    }
    child.once('exit', forget)
    child.once('error', forget)
    ;(child as ChildProcess).stdin?.on('error', forget) // none when it could not be spawned
    child.unref()
    return child
  }

  #listen(output: ChildProcess['stdout']): void {
    if (!output) return
    // Shims hold it too: it must not keep the agent from ending.
    if ('unref' in output && typeof output.unref === 'function') output.unref()
    createInterface({ input: output }).on('line', (file) => this.#failed.add(file))
  }
}
