/** The one place where a job's shim is started. */
import { spawn } from 'node:child_process'
import type { ProcessIdentity } from '../../proto/job.ts'
import type { JobFolder } from './job-folder.ts'
import type { Launch } from './prepare.ts'
import { parseIdentity } from './process-identity.ts'

/** What this host's shell and tools are like, found once. */
export interface ShimTools {
  /** The shell that runs the shim, and words before the script: `['/bin/sh']`, `['busybox', 'sh']`. */
  readonly shell: readonly string[]
  readonly shimFile: string
  /** Path of setsid; empty where there is none. */
  readonly setsid: string
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

/** A shim under way. */
export interface StartedShim {
  /** The program that it started; rejects when the shim ended before it said so. */
  readonly main: ProcessIdentity
  /** Resolves when the shim is gone. */
  readonly gone: Promise<void>
}

/** The shim could not be started, or did not start the program. */
export class ShimFailed extends Error {
  readonly errno: string

  constructor(errno: string, message: string) {
    super(message)
    this.errno = errno
  }
}

/**
 * Starts a job's shim in a session of its own and waits until it has started the program.
 *
 * @throws {ShimFailed} when there is no process now that could have become the program.
 */
export async function startShim(tools: ShimTools, start: ShimStart): Promise<StartedShim> {
  const { launch, folder } = start
  const [shell = '/bin/sh', ...words] = tools.shell
  const { PATH = '', ...environment } = launch.environment
  let child
  try {
    child = spawn(
      shell,
      [...words, tools.shimFile, ...shimArguments(tools, start), ...launch.argv],
      {
        cwd: '/',
        detached: true,
        env: { ...environment, PATH: '/usr/bin:/bin', ERRAND_SHIM_PATH: PATH },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
  } catch (error) {
    throw asShimFailed(error)
  }
  child.unref()
  const unrefable = child.stdout as unknown as { unref?: () => void }
  unrefable.unref?.()
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve()
    })
    child.once('error', () => {
      resolve()
    })
  })
  const main = await firstIdentity(child, folder)
  return { main, gone }
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

type Child = ReturnType<typeof spawn>

function firstIdentity(child: Child, folder: JobFolder): Promise<ProcessIdentity> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.once('error', (error) => {
      reject(asShimFailed(error))
    })
    const { stdout } = child
    stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const identity = parseIdentity(text)
      if (!identity) return
      resolve(identity)
      stdout.destroy() // the shim does not write again
    })
    stdout?.once('close', () => {
      reject(
        new ShimFailed('EIO', `the shim of job ${folder.jobId} ended before it started anything`),
      )
    })
  })
}

function asShimFailed(error: unknown): ShimFailed {
  const { code = 'EIO', message } = error as NodeJS.ErrnoException
  return new ShimFailed(code, message)
}
