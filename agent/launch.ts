/** Starting, looking at and stopping an agent that no init system looks after. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { ErrandError } from '../proto/errors.ts'
import type { AgentConfig } from './config.ts'
import { isAlive } from './jobs/process-identity.ts'
import { lockHolder } from './lock.ts'
import { makeStateFolder } from './state-folder.ts'

/** Where a running agent listens. */
export interface Listening {
  readonly port: number
  readonly address: string
  readonly agentId: string
  readonly pid: number
}

/** The running agent of this state folder; undefined when none serves. */
export function findListening({ folder, kernel }: AgentConfig): Listening | undefined {
  const holder = lockHolder(folder, kernel)
  if (!holder) return undefined
  try {
    const listening = JSON.parse(readFileSync(folder.listening, 'utf8')) as Listening
    return listening.pid === holder.pid ? listening : undefined
  } catch {
    return undefined // it has the lock and does not listen yet
  }
}

export interface LaunchOptions {
  /** How long it may take until it listens. Default 30 s. */
  readonly timeoutMs?: number
  /** The flags that this program was started with, for the one that serves. */
  readonly flags: readonly string[]
}

/**
 * Starts the agent detached, unless one is running, and returns once it listens.
 *
 * @throws {ErrandError} with the agent's own last words when it does not come up.
 */
export async function launch(
  config: AgentConfig,
  { timeoutMs = 30_000, flags }: LaunchOptions,
): Promise<Listening> {
  const running = findListening(config)
  if (running) return running
  const { folder } = config
  makeStateFolder(folder)
  turnOver(folder.log)
  const lastWords = `${folder.log}.start`
  const log = openSync(lastWords, 'w', 0o600)
  const [node, script] = config.self
  const own = [...config.runtimeFlags, script]
  const argv = [...own, 'serve', ...flags, ...(config.logFile === '' ? ['--log', folder.log] : [])]
  const child = spawn(node, argv, { cwd: '/', detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  child.unref()
  let exitCode: number | null | undefined
  child.once('exit', (code) => {
    exitCode = code
  })
  child.once('error', () => {
    exitCode = 1
  })
  const deadline = performance.now() + timeoutMs
  while (performance.now() < deadline) {
    const listening = findListening(config)
    if (listening) return listening
    if (exitCode !== undefined) throw new ErrandError('unsupported', saidLast(lastWords))
    await wait(20)
  }
  throw new ErrandError(
    'unreachable',
    `the agent did not listen within ${timeoutMs} ms; see ${folder.log}`,
  )
}

function saidLast(file: string): string {
  const line = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').at(-1) : undefined
  return (line ?? '').replace(/^errand-agent: /u, '') || 'the agent ended at once and said nothing'
}

/** Keeps one older log of what a detached agent wrote. */
function turnOver(file: string): void {
  try {
    if (statSync(file).size > 4 * 1024 * 1024) renameSync(file, `${file}.1`)
  } catch {
    // There is none yet.
  }
}

/** Asks the running agent to stop and waits until it has. Jobs go on. */
export async function stop(
  { folder, kernel }: AgentConfig,
  { graceMs = 10_000 } = {},
): Promise<boolean> {
  const holder = lockHolder(folder, kernel)
  if (!holder) return false
  process.kill(holder.pid, 'SIGTERM')
  const deadline = performance.now() + graceMs
  while (isAlive(kernel, holder)) {
    if (performance.now() > deadline) process.kill(holder.pid, 'SIGKILL')
    await wait(20)
  }
  return true
}
