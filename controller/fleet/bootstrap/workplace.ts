import type { Logger } from 'pino'
import { ErrandError, type ErrorCode } from '../../../proto/errors.ts'
import type { RemoteShell, RunOptions, ShellResult } from '../ssh/remote-shell.ts'
import type { Layout } from './layout.ts'
import type { Rights } from './rights.ts'

/** One host on which an agent is put or removed: a shell, the rights for it and where things lie. */
export class Workplace {
  readonly host: string
  readonly layout: Layout
  readonly rights: Rights
  readonly signal: AbortSignal
  readonly log: Logger
  readonly #shell: RemoteShell

  constructor(
    shell: RemoteShell,
    options: Pick<Workplace, 'host' | 'layout' | 'rights' | 'signal' | 'log'>,
  ) {
    this.#shell = shell
    this.host = options.host
    this.layout = options.layout
    this.rights = options.rights
    this.signal = options.signal
    this.log = options.log
  }

  /** Runs a script with the rights chosen; what it comes to is for the caller to judge. */
  try(script: string, input?: RunOptions['input']): Promise<ShellResult> {
    const { elevation } = this.rights
    const body = `PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH; cd /\n${script}`
    return this.#shell.run(body, {
      signal: this.signal,
      elevation,
      ...(input === undefined ? {} : { input }),
    })
  }

  /**
   * Runs a script that must work.
   *
   * @param what For the sentence: `the agent could not be started`.
   * @throws {ErrandError} with what the script said last.
   */
  async run(
    script: string,
    options: { readonly what: string; readonly input?: RunOptions['input'] },
  ): Promise<string> {
    const { exitCode, stdout, stderr } = await this.try(script, options.input)
    if (exitCode === 0) return stdout
    throw this.error(options.what, stderr.trim() === '' ? stdout : stderr)
  }

  /** An error whose code follows from what the host said. */
  error(what: string, said: string): ErrandError {
    const last = said.trim().split('\n').at(-1)?.trim() ?? ''
    const { code, hint } = judge(said)
    return new ErrandError(
      code,
      `${this.host}: ${what}: ${last === '' ? 'no word why' : last}${hint}`,
    )
  }
}

/** What the system's words come to, and what to do when they do not say it themselves. */
function judge(said: string): { readonly code: ErrorCode; readonly hint: string } {
  if (/no inodes/iu.test(said)) return { code: 'exhausted', hint: '' }
  if (/no space left|disk quota/iu.test(said))
    return { code: 'exhausted', hint: hintFor(said, 'free some space there') }
  if (/read-only/iu.test(said))
    return { code: 'exhausted', hint: hintFor(said, 'mount it for writing') }
  if (/permission denied|not permitted/iu.test(said)) return { code: 'denied', hint: '' }
  return { code: 'unsupported', hint: '' }
}

function hintFor(said: string, advice: string): string {
  return /: (free|mount|raise|remove) [^:]*$/u.test(said.trim()) ? '' : `; ${advice}`
}
