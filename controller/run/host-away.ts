import { wasInterrupted } from '../../proto/call.ts'
import { ErrandError } from '../../proto/errors.ts'
import { newJobId, type JobId } from '../../proto/job.ts'
import { runsOn, type Attempt } from './attempt.ts'
import { checkpointText } from './checkpoints.ts'
import { labelsOf } from './job-about.ts'
import type { Reached } from './job.ts'
import { firstOf } from './race.ts'
import { reach } from './reach.ts'
import { HostUnreachable } from './task-error.ts'

const firstDelayMs = 1000
const maxDelayMs = 30_000

/** What is kept of a wait for a host: who goes on with the run waits no longer than who began. */
interface Wait {
  readonly untilMs: number
  /** --when-reachable: the job that waits. */
  readonly jobId?: JobId
}

/**
 * Works with the task's host, which may be away: with --when-reachable its job waits in the record until it is back, with
 * --wait-for-hosts the host's first task in the play waits.
 *
 * @throws {HostUnreachable} when it is away for too long.
 * @throws {ErrandError} `conflict` when the job was cancelled while it waited.
 */
export async function withHost<T>(attempt: Attempt, work: Work<T>): Promise<T> {
  const { env } = attempt
  const { request } = env.play.context
  const isFirst = !env.play.met.has(runsOn(attempt))
  env.play.met.add(runsOn(attempt))
  const expiresMs = request.adhoc?.whenReachable?.expiresMs
  if (expiresMs !== undefined) return await deliver(attempt, { expiresMs, work })
  const patienceMs = isFirst ? (request.waitForHostsMs ?? 0) : 0
  if (patienceMs === 0) return await work(await reach(attempt))
  const wait = knownWait(attempt)
  const first = wait ? undefined : await tryOnce(() => reach(attempt))
  if (first && 'done' in first) return await work(first.done)
  const untilMs =
    wait?.untilMs ?? (await beginWait(attempt, { patienceMs, reason: first?.away })).untilMs
  return await work(await tryUntil(attempt, { untilMs, work: () => reach(attempt) }))
}

type Work<T> = (reached: Reached) => Promise<T>

/** All of it is tried again: the job keeps its id, so that it starts once, however often its host comes and goes. */
async function deliver<T>(
  attempt: Attempt,
  { expiresMs, work }: { readonly expiresMs: number; readonly work: Work<T> },
): Promise<T> {
  const run = async () => work(await reach(attempt))
  let wait = knownWait(attempt)
  if (!wait) {
    const first = await tryOnce(run)
    if ('done' in first) return first.done
    wait = await beginWait(attempt, { patienceMs: expiresMs, reason: first.away, isJob: true })
  }
  const { jobId = '' } = wait
  const { jobs, signal } = attempt.env.play.context.world
  await holdJob(attempt, { ...wait, jobId })
  try {
    return await tryUntil(attempt, { ...wait, work: run })
  } finally {
    // Who comes to an end without it leaves nobody who would send it; the next controller may go on waiting.
    if (!signal.aborted || wasInterrupted(signal)) await jobs.giveUp(jobId, 'cancelled')
  }
}

/** What work came to, or why its host could not be asked. */
type Tried<T> = { readonly done: T } | { readonly away: string }

async function tryOnce<T>(work: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { done: await work() }
  } catch (error) {
    if (!(error instanceof HostUnreachable)) throw error
    const { cause } = error
    if (!(cause instanceof ErrandError) || cause.code !== 'unreachable') throw error
    return { away: error.message }
  }
}

function knownWait(attempt: Attempt): Wait | undefined {
  return attempt.env.play.context.checkpoints.at(positionOf(attempt)) as Wait | undefined
}

function positionOf({ position }: Attempt): string {
  return `${position}/away`
}

interface Beginning {
  readonly patienceMs: number
  readonly reason: string | undefined
  readonly isJob?: boolean
}

/** Says that the host is waited for, and keeps until when. */
async function beginWait(attempt: Attempt, beginning: Beginning): Promise<Wait> {
  const { patienceMs, reason = '', isJob = false } = beginning
  const { env } = attempt
  const nowMs = env.play.context.world.clock.nowMs()
  const { jobId: sentAs } = attempt.steps
  const wait = {
    untilMs: nowMs + patienceMs,
    ...(isJob ? { jobId: sentAs ?? newJobId(nowMs) } : {}),
  }
  const about = { host: runsOn(attempt), task: env.heading.task, reason, ...wait }
  const place = { position: positionOf(attempt), value: checkpointText(wait) }
  await env.play.emit(env.heading, { kind: 'host_awaited', ...about }, place)
  return wait
}

/** It is in the record from now on; one that was sent already, by us or another controller, stays as it is. */
async function holdJob(attempt: Attempt, wait: Required<Wait>): Promise<void> {
  const { env, steps } = attempt
  const { world } = env.play.context
  steps.jobId = wait.jobId
  await world.jobs.hold({
    jobId: wait.jobId,
    name: env.heading.task,
    host: runsOn(attempt),
    runId: world.runId,
    taskId: env.task.id,
    position: positionOf(attempt),
    labels: labelsOf(attempt),
    expiresAtMs: wait.untilMs,
  })
}

/** Throws when the job has ended without its host. */
async function endWhenOver(attempt: Attempt, { jobId, untilMs }: Wait): Promise<void> {
  if (jobId === undefined) return
  const { jobs, clock } = attempt.env.play.context.world
  if (clock.nowMs() >= untilMs) await jobs.giveUp(jobId, 'expired')
  const state = (await jobs.recorded(jobId))?.state
  if (state?.kind === 'cancelled') throw new ErrandError('conflict', 'the job was cancelled')
  if (state?.kind !== 'expired') return
  const end = new Date(state.endedAtMs).toISOString()
  throw new HostUnreachable(`the job ${jobId} has expired: its host was away until ${end}`)
}

/** A try now and then, at longer and longer intervals; a place among the forks is held for the tries alone. */
async function tryUntil<T>(
  attempt: Attempt,
  { work, ...wait }: Wait & { readonly work: () => Promise<T> },
): Promise<T> {
  const { hold, play } = attempt.env
  const { clock } = play.context.world
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, maxDelayMs)) {
    await endWhenOver(attempt, wait)
    const tried = await tryOnce(work)
    if ('done' in tried) return tried.done
    const leftMs = wait.untilMs - clock.nowMs()
    if (leftMs <= 0 && wait.jobId === undefined) throw new HostUnreachable(tried.away)
    const pauseMs = leftMs <= 0 ? delayMs : Math.min(delayMs, leftMs)
    await hold.whileWaiting(() => pause(attempt, pauseMs, wait.jobId))
  }
}

/** Over early when the job that waits comes to its end. */
async function pause(attempt: Attempt, ms: number, jobId: JobId | undefined): Promise<void> {
  const { clock, jobs, signal } = attempt.env.play.context.world
  const sleep = (stop: AbortSignal) => clock.sleep(ms, { signal: stop })
  if (jobId === undefined) return sleep(signal)
  const end = (stop: AbortSignal) => jobs.wait(jobId, { signal: stop })
  await firstOf({ one: sleep, other: end }, signal)
}
