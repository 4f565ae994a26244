/** A small shell that starts shims at our word: a fork of it costs a fraction of a fork of the agent, and blocks nobody. */
import { spawn, type ChildProcess } from 'node:child_process'
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
 * background would start it with INT and QUIT ignored for good.
 */
const script = 'setsid=$1; shift; while IFS= read -r file; do "$setsid" -f "$@" "$file"; done'

/** Starts scripts in sessions of their own. Its end is theirs not: they belong to nobody. */
export class ShimLauncher {
  readonly #options: LauncherOptions
  #child: ChildProcess | undefined

  constructor(options: LauncherOptions) {
    this.#options = options
  }

  /** Starts `file`, a path without line ends. Whether it came up shows in what the script does. */
  start(file: string): void {
    this.#child ??= this.#open()
    this.#child.stdin?.write(`${file}\n`)
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
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    const forget = () => {
      if (this.#child !== child) return
      this.#child = undefined // the next start opens another
      log.warn('the launcher of shims has ended')
    }
    child.once('exit', forget)
    child.once('error', forget)
    child.stdin.on('error', forget)
    child.unref()
    return child
  }
}
