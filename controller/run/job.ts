import { resolve } from 'node:path'
import {
  isFinal,
  newJobId,
  type JobId,
  type JobReport,
  type JobSpec,
  type JobWork,
  type RunAs,
} from '../../proto/job.ts'
import { newMap, type ValueMap } from '../../proto/value.ts'
import type { Ask, Finished } from '../modules/module.ts'
import { isAboutRelativePath } from '../modules/operation.ts'
import { readEnd } from '../modules/read-end.ts'
import type { Reading } from '../modules/reading.ts'
import type { Attempt } from './attempt.ts'
import { aboutJob } from './job-about.ts'
import { checkpointText } from './checkpoints.ts'
import type { PreparedHost } from './ports.ts'
import { reaching } from './task-error.ts'
import { taskLock } from './task-lock.ts'
import type { World } from './world.ts'

/** The host that a task's jobs run on, and as whom. */
export interface Reached {
  readonly prepared: PreparedHost
  readonly runAs: RunAs
  /** Where programs start when the task does not say; the user's home when undefined. */
  readonly cwd: string | undefined
  /** What programs find in their environment beside what a login gives; the task's own goes above it. */
  readonly environment: Readonly<Record<string, string>>
}

/** Between the polite signal and KILL, when a time limit is reached or a job is cancelled. */
const graceMs = 5000

interface StartChoice {
  readonly isAsync: boolean
  readonly timeLimitMs: number
  /** Steps on the way to a task's job (stat, upload checks) are not announced. */
  readonly isStep?: boolean
}

/** Records and starts a job; gives its first report. */
export async function startJob(
  attempt: Attempt,
  reached: Reached,
  work: { readonly ask: Ask; readonly choice: StartChoice },
): Promise<JobReport> {
  const { env, settings } = attempt
  const { context } = env.play
  const { world } = context
  const { ask, choice } = work
  const cwd = ask.cwd === undefined ? folderFor(ask.work, reached) : within(reached, ask.cwd)
  const position = `${attempt.position}/s${attempt.steps.next++}`
  const known = context.checkpoints.jobAt(position)
  const told = choice.isStep ? undefined : toldJob(attempt)
  const before = choice.isStep ? undefined : attempt.steps.jobId
  const jobId = known ?? told?.jobId ?? before ?? newJobId(world.clock.nowMs())
  if (!choice.isStep) attempt.steps.jobId = jobId
  const name = env.heading.task
  const lock = taskLock(attempt)
  const spec: JobSpec = {
    jobId,
    name,
    work: ask.work,
    runAs: reached.runAs,
    ...(cwd === undefined ? {} : { cwd }),
    environment: { ...reached.environment, ...settings.environment },
    ...(ask.stdin === undefined ? {} : { stdin: ask.stdin }),
    timeLimitMs: choice.timeLimitMs,
    ...(lock === undefined ? {} : { lock }),
    graceMs,
  }
  const about = choice.isStep ? undefined : aboutJob(attempt, ask)
  if (about && !attempt.steps.isTold) {
    attempt.steps.isTold = true
    const { isAsync } = choice
    const { hasOutput } = about
    const started = {
      kind: 'job_started',
      jobId,
      host: env.host.name,
      task: name,
      isAsync,
    } as const
    const body = hasOutput ? { ...started, hasOutput } : started
    const value: ToldJob = { jobId, reading: ask.reading }
    const place = { position: toldPosition(attempt), value: checkpointText(value) }
    await context.emitter.emitAt(body, place)
  }
  const origin = {
    runId: world.runId,
    taskId: env.task.id,
    taskName: name,
    host: reached.prepared.target.name,
    isAsync: choice.isAsync,
    position,
    ...(about ? { about } : {}),
  }
  const options = { origin, isKnown: jobId === (known ?? before), signal: world.signal }
  return reaching(() => world.jobs.start(reached.prepared, spec, options))
}

/** A folder that a task names, from where its programs start; the host knows what begins with `~` or `$`. */
function within({ cwd }: Reached, folder: string): string {
  return cwd === undefined || /^[~$]/u.test(folder) ? folder : resolve(cwd, folder)
}

/** An operation needs no folder to start in, unless it is asked about a path that begins there. */
function folderFor(work: JobWork, { cwd }: Reached): string | undefined {
  if (work.kind === 'command') return cwd
  return isAboutRelativePath(work) ? (cwd ?? '~') : undefined
}

/** The job that a task is about, as its attempt's checkpoint keeps it before the job is recorded. */
interface ToldJob {
  readonly jobId: JobId
  readonly reading: Reading
}

function toldPosition({ position }: Attempt): string {
  return `${position}/told`
}

/** The job that this attempt of the task was to start when another controller made it. */
export function toldJob(attempt: Attempt): ToldJob | undefined {
  return attempt.env.play.context.checkpoints.at(toldPosition(attempt)) as ToldJob | undefined
}

/** Runs a job to its end and gives the module's result; the job's files are dropped afterwards. */
export async function runSync(attempt: Attempt, reached: Reached, ask: Ask): Promise<ValueMap> {
  const timeLimitMs = attempt.settings.timeoutSeconds * 1000
  const end = await runToEnd(attempt, reached, { ask, choice: { isAsync: false, timeLimitMs } })
  return syncResult(attempt, end, ask.reading)
}

/** What a synchronous task comes to by its job's end. */
export function syncResult(attempt: Attempt, end: Finished, reading: Reading): ValueMap {
  return end.report.state.kind === 'timed_out' ? timedOutSync(attempt) : outcome(reading, end)
}

/** Runs a job to its end and gives its output; its files are dropped afterwards. */
export async function runToEnd(
  attempt: Attempt,
  reached: Reached,
  work: { readonly ask: Ask; readonly choice: StartChoice },
): Promise<Finished> {
  return toEnd(attempt, await startJob(attempt, reached, work))
}

/** Waits for the end of a job that was started, and gives its output. */
export async function toEnd(attempt: Attempt, first: JobReport): Promise<Finished> {
  const { play, hold } = attempt.env
  const { world } = play.context
  const wait = () => reaching(() => world.jobs.wait(first.jobId, { signal: world.signal }))
  // Who waits for a lock holds no place that the job with the lock may need.
  const untilEnd = () => (first.state.kind === 'queued' ? hold.whileWaiting(wait) : wait())
  const report = isFinal(first.state) ? first : await untilEnd()
  const end = await collect(world, report)
  attempt.env.endedJobs.push(report.jobId)
  return end
}

/** A report with all output, fetched when it was too much to be in it. */
export async function collect(world: World, report: JobReport): Promise<Finished> {
  if (report.inlineOutput) return { report, ...report.inlineOutput }
  const read = async (stream: 'stdout' | 'stderr') => {
    if (report[stream].keptBytes === 0) return new Uint8Array()
    return reaching(() => world.jobs.output(report.jobId, stream, { signal: world.signal }))
  }
  return { report, stdout: await read('stdout'), stderr: await read('stderr') }
}

/** Drops a job's files on its host, while the run goes on. */
export function forgetLater(world: World, jobId: JobId): void {
  world.jobs.forget(jobId, { signal: world.signal }).catch((err: unknown) => {
    world.log.debug({ err, jobId }, 'job not forgotten')
  })
}

/** The module's result of a job that has ended, however it did. */
export function outcome(reading: Reading, end: Finished): ValueMap {
  const { state } = end.report
  switch (state.kind) {
    case 'succeeded':
    case 'failed':
      return readEnd(reading, end)
    case 'timed_out':
      return newMap([
        ['changed', false],
        ['failed', true],
        ['msg', 'Timeout exceeded'],
      ])
    case 'cancelled':
      return newMap([
        ['changed', false],
        ['failed', true],
        ['msg', 'the job was cancelled'],
      ])
    case 'lost':
      return newMap([
        ['changed', false],
        ['failed', true],
        ['msg', `the job was lost: ${state.evidence}`],
      ])
    case 'expired':
      return newMap([
        ['changed', false],
        ['failed', true],
        ['msg', 'the job expired: its host was away for too long'],
      ])
    case 'queued':
    case 'running':
      throw new Error('a job that goes on has no result')
  }
}

function timedOutSync(attempt: Attempt): ValueMap {
  const { timeoutSeconds } = attempt.settings
  const msg =
    `The ${attempt.env.task.module} action failed to execute in the expected time frame ` +
    `(${timeoutSeconds}) and was terminated`
  return newMap([
    ['changed', false],
    ['failed', true],
    ['msg', msg],
  ])
}
