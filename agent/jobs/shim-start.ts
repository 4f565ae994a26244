/** The one place where a job's shim is started. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { ProcessIdentity } from '../../proto/job.ts'
import { unlinkIfThere } from './claim.ts'
import { pythonErrno } from './find-program.ts'
import type { JobFolder } from './job-folder.ts'
import type { Launch } from './prepare.ts'
import { readEnd } from './read-folder.ts'
import { shellQuoted } from './shell-quoted.ts'
import type { ShimLauncher } from './shim-launcher.ts'
import type { StartMarks } from './start-marks.ts'

/** What this host's shell and tools are like, found once. */
export interface ShimTools {
  /** The shell that runs the shim, and words before the script: `['/bin/sh']`, `['busybox', 'sh']`. */
  readonly shell: readonly string[]
  readonly shimFile: string
  /** Path of setsid; empty where there is none. */
  readonly setsid: string
  /** Whether it knows -f, as a launcher needs. */
  readonly canFork: boolean
  /** The shortest wait that `sleep` accepts: `0.05`, or `1`. */
  readonly step: string
}

export interface ShimStart {
  readonly folder: JobFolder
  readonly endedDir: string
  readonly launch: Launch
  readonly cgroup: string
  readonly shimsCgroup: string
  readonly timeLimitMs: number
  readonly graceMs: number
}

/** How shims are started here. */
export interface ShimWays {
  readonly tools: ShimTools
  /** Undefined where setsid cannot fork: the agent then forks itself. */
  readonly launcher: ShimLauncher | undefined
  readonly marks: StartMarks
}

/** The shim could not be started, or did not start the program. */
export class ShimFailed extends Error {
  readonly errno: string

  constructor(errno: string, message: string) {
    super(message)
    this.errno = errno
  }
}

/** How long a busy host may take to start a shim. */
const startTimeoutMs = 60_000

/**
 * Starts a job's shim in a session of its own and waits until it has started the program.
 *
 * @throws {ShimFailed} when it did not say so; it may still be on its way.
 */
export async function startShim(ways: ShimWays, start: ShimStart): Promise<ProcessIdentity> {
  const { folder, launch } = start
  checkSize(launch)
  const words = [...shimArguments(ways.tools, start), ...launch.argv]
  const isGone = ways.launcher
    ? startByLauncher(ways.launcher, { ...start, shimFile: ways.tools.shimFile, words })
    : startByFork(ways.tools, launch, words)
  try {
    const main = await ways.marks.wait(folder, { timeoutMs: startTimeoutMs, isGone })
    if (main) return main
    throw new ShimFailed(
      'EAGAIN',
      'no process could be started for it: the host is out of processes or memory',
    )
  } finally {
    unlinkIfThere(folder.launch)
  }
}

/** The kernel's limits, found before a shim finds them: one word, and all words with all variables. */
function checkSize({ argv, environment }: Launch): void {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const all = [...argv, ...variables]
  if (all.some((word) => word.includes('\0'))) throw new ShimFailed('EINVAL', 'embedded null byte')
  const sizes = all.map((word) => Buffer.byteLength(word) + 1)
  const total = sizes.reduce((sum, size) => sum + size + 8, 0)
  if (total < 2_000_000 && sizes.every((size) => size <= 131_072)) return
  throw new ShimFailed('E2BIG', pythonErrno('E2BIG', argv[0] ?? ''))
}

interface LauncherStart extends ShimStart {
  readonly shimFile: string
  readonly words: readonly string[]
}

/** Arguments and variables go by a file that only this user reads, and that goes at once. */
function startByLauncher(launcher: ShimLauncher, start: LauncherStart): () => boolean {
  const { launch, folder, words, shimFile } = start
  const lines = Object.entries(shimEnvironment(launch))
    .filter(([name]) => /^[A-Za-z_]\w*$/u.test(name))
    .map(([name, value]) => `export ${name}=${shellQuoted(value)}\n`)
  const set = `set -- ${words.map(shellQuoted).join(' ')}\n`
  writeFileSync(folder.launch, `${lines.join('')}${set}. ${shellQuoted(shimFile)}\n`, {
    mode: 0o600,
  })
  const hasFailed = launcher.start(folder.launch)
  // A shim that could not fork says so, and where it had claimed the job, in the record of the end.
  return () => hasFailed() || readEnd(folder) !== undefined
}

function startByFork(tools: ShimTools, launch: Launch, words: readonly string[]): () => boolean {
  const [shell = '/bin/sh', ...before] = tools.shell
  let isGone = false
  const gone = () => {
    isGone = true
  }
  try {
    const child = spawn(shell, [...before, tools.shimFile, ...words], {
      cwd: '/',
      detached: true,
      env: shimEnvironment(launch),
      stdio: 'ignore',
    })
    child.once('exit', gone)
    child.once('error', gone)
    child.unref()
  } catch (error) {
    const { code = 'EIO', message } = error as NodeJS.ErrnoException
    throw new ShimFailed(code, message)
  }
  return () => isGone
}

function shimEnvironment({ environment }: Launch): Readonly<Record<string, string>> {
  const { PATH = '', ...others } = environment
  return { ...others, PATH: '/usr/bin:/bin', ERRAND_SHIM_PATH: PATH }
}

function shimArguments(tools: ShimTools, start: ShimStart): readonly string[] {
  const { folder, endedDir, cgroup, shimsCgroup, timeLimitMs, graceMs, launch } = start
  return [
    folder.dir,
    endedDir,
    cgroup,
    cgroup === '' ? '' : shimsCgroup,
    limitText(timeLimitMs, tools.step),
    String(Math.ceil(graceMs / 10)),
    tools.step,
    launch.cwd,
    tools.setsid,
  ]
}

/** Seconds for `sleep`: with a fraction where it takes one, else rounded up. */
export function limitText(timeLimitMs: number, step: string): string {
  if (timeLimitMs <= 0) return '0'
  return step.includes('.') ? String(timeLimitMs / 1000) : String(Math.ceil(timeLimitMs / 1000))
}
