import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { anotherRunsExitCode } from '../../proto/control-address.ts'
import { ErrandError } from '../../proto/errors.ts'
import { makeFolder } from '../../proto/make-folder.ts'
import type { CliConfig } from './config.ts'

/** How long a controller may take until it answers. */
const startMs = 20_000
/** How long a controller that was asked to leave may take. */
const leaveMs = 30_000
const lookMs = 20

/** No controller can be started: it is of no use to try again. */
export class NotStarted extends ErrandError {}

/** Whether anybody accepts connections on the socket. */
export function isAnswering(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket)
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.once('error', () => resolve(false))
  })
}

/**
 * Starts a controller that outlives us, and waits until it answers. One that was killed, or found another one at work
 * that does not answer, is started again while there is time.
 *
 * @throws {NotStarted} `unreachable` with what it said.
 */
export async function startController(config: CliConfig, signal: AbortSignal): Promise<void> {
  makeFolder(config.home)
  const complaints = join(config.home, `controller.start.${process.pid}`)
  const until = Date.now() + startMs
  for (;;) {
    const child = spawnController(config, complaints)
    const end = await answerOrEnd(config.socket, { child, until, signal })
    if (end === 'answers') return rmSync(complaints, { force: true })
    if (end === 'failed' || Date.now() >= until) break
  }
  throw new NotStarted('unreachable', `the controller could not be started: ${reason(complaints)}`)
}

/** How a program that was started came out: it could not be, or its exit code or signal. */
type Ended = readonly [code: number | null, signal: NodeJS.Signals | null] | 'not started'

function spawnController(
  config: CliConfig,
  complaints: string,
): { readonly ended: Promise<Ended> } {
  const file = openSync(complaints, 'w', 0o600)
  const child = spawn(process.execPath, [config.controllerProgram, '--detached'], {
    cwd: config.home,
    detached: true,
    stdio: ['ignore', 'ignore', file],
  })
  closeSync(file)
  child.unref()
  const { promise, resolve } = Promise.withResolvers<Ended>()
  child.once('exit', (code, name) => resolve([code, name]))
  child.once('error', () => resolve('not started'))
  return { ended: promise }
}

interface Attempt {
  readonly child: { readonly ended: Promise<Ended> }
  /** Milliseconds since the epoch. */
  readonly until: number
  readonly signal: AbortSignal
}

async function answerOrEnd(
  socket: string,
  { child, until, signal }: Attempt,
): Promise<'answers' | 'again' | 'failed'> {
  while (Date.now() < until) {
    if (await isAnswering(socket)) return 'answers'
    const waiting = delay(lookMs, 'waiting' as const, { signal })
    const state = await Promise.race([child.ended, waiting])
    if (state === 'waiting') continue
    // Another invocation may have started one at the same time: then ours leaves and that one answers.
    if (await answersSoon(socket, signal)) return 'answers'
    const [code, name] = state === 'not started' ? [1, null] : state
    return code === anotherRunsExitCode || name !== null ? 'again' : 'failed'
  }
  return 'failed'
}

/** Waits until nobody accepts connections on the socket. */
export async function untilGone(socket: string, signal: AbortSignal): Promise<void> {
  const until = Date.now() + leaveMs
  while (await isAnswering(socket)) {
    if (Date.now() > until) {
      throw new ErrandError(
        'unreachable',
        `the controller does not leave; it still answers on ${socket}`,
      )
    }
    await delay(lookMs, undefined, { signal })
  }
}

async function answersSoon(socket: string, signal: AbortSignal): Promise<boolean> {
  for (let look = 0; look < 50; look++) {
    if (await isAnswering(socket)) return true
    await delay(lookMs, undefined, { signal })
  }
  return false
}

function reason(complaints: string): string {
  const text = readFileSync(complaints, 'utf8').trim()
  rmSync(complaints, { force: true })
  if (text === '') return 'it says nothing, its log may'
  // What it says itself is one line; what Node says of a crash has a line with the error in it.
  const line =
    text.split('\n').findLast((each) => /^\w*Error\b/u.test(each)) ??
    text.split('\n').at(-1) ??
    text
  return line.replace(/^errand controller: /u, '')
}
