import { ErrandError } from '../../proto/errors.ts'
import { isFinal, type JobReport } from '../../proto/job.ts'
import { mapOf, newMap, type ValueMap, type Value } from '../../proto/value.ts'
import { answer, failure, type Answer, type Ask } from '../modules/module.ts'
import { asyncFolder } from '../modules/async-status.ts'
import { withLines } from '../modules/output-text.ts'
import type { AsyncJob } from './async-job.ts'
import { collect, outcome, startJob, type Reached } from './job.ts'
import { runsOn, type Attempt } from './attempt.ts'
import { firstOf } from './race.ts'
import { reaching } from './task-error.ts'

/** A job that was just started, and the result that says so. */
export interface Launched {
  readonly job: AsyncJob
  readonly result: ValueMap
}

/** Starts a task's job with `async` as its time limit, and goes on. */
export async function launch(attempt: Attempt, reached: Reached, ask: Ask): Promise<Launched> {
  const choice = { isAsync: true, timeLimitMs: attempt.settings.asyncSeconds * 1000 }
  const report = await startJob(attempt, reached, { ask, choice })
  const runsOn = reached.prepared.target.name
  return launched(attempt, { report, runsOn, reading: ask.reading })
}

/** A job that `async` asked for becomes one of the run's. */
export function launched(
  attempt: Attempt,
  { report, runsOn, reading }: Pick<AsyncJob, 'report' | 'runsOn' | 'reading'>,
): Launched {
  const { env } = attempt
  const job: AsyncJob = {
    jobId: report.jobId,
    host: env.host.name,
    runsOn,
    task: env.heading.task,
    reading,
    resultsFile: resultsFile(report.jobId),
    childPid: childPid(report),
    report,
  }
  const { inlineOutput: _output, ...recorded } = report
  env.effects.add({ kind: 'async_job', job: { ...job, report: recorded } })
  env.play.context.asyncJobs.set(job.jobId, job)
  const result = newMap([
    ['failed', 0],
    ['started', 1],
    ['finished', 0],
    ['ansible_job_id', job.jobId],
    ['results_file', job.resultsFile],
    ['changed', true],
  ])
  return { job, result }
}

/** Follows a job to its end, saying so each time `poll` seconds have passed. */
export async function pollToEnd(attempt: Attempt, job: AsyncJob): Promise<ValueMap> {
  const { env, settings, noLog } = attempt
  const { context } = env.play
  const { world } = context
  const shownId = noLog ? 'None' : job.jobId
  const host = env.host.name
  while (!isFinal(job.report.state)) {
    const first = await env.hold.whileWaiting(() =>
      firstOf(
        {
          one: (signal) => reaching(() => world.jobs.wait(job.jobId, { signal })),
          other: (signal) => world.clock.sleep(settings.pollSeconds * 1000, { signal }),
        },
        world.signal,
      ),
    )
    if (first.winner === 'one') job.report = first.value
    else {
      await env.play.emit(env.heading, {
        kind: 'async_poll',
        host,
        jobId: shownId,
        started: 1,
        finished: 0,
      })
    }
  }
  const result = await finishedResult(attempt, job)
  const kind = result.get('failed') === true ? 'async_failed' : 'async_ok'
  await env.play.emit(env.heading, { kind, host, jobId: shownId })
  env.endedJobs.push(job.jobId)
  return result
}

/** What async_status answers: how a job stands now, or what it came to. */
export async function asyncStatus(attempt: Attempt, jobId: string): Promise<Answer> {
  const { env } = attempt
  const { world, asyncJobs } = env.play.context
  const view = await lookAt(attempt, jobId)
  if (!view) return notFound(jobId)
  const known = asyncJobs.get(jobId)
  const job = known ?? foreignJob(view, env.heading.task)
  if (!known || !isFinal(known.report.state)) job.report = view.report
  if (isFinal(job.report.state)) return answer(await finishedResult(attempt, job))
  const wake = async (signal: AbortSignal) => {
    await world.jobs.wait(jobId, { signal })
  }
  return { ...answer(statusFields(job, 0)), wake }
}

/** What async_status answers to mode=cleanup: the job's files are gone. */
export async function asyncCleanup(attempt: Attempt, jobId: string): Promise<Answer> {
  const { world } = attempt.env.play.context
  const erased = resultsFile(jobId)
  const view = await lookAt(attempt, jobId)
  if (!view) return notFound(jobId, { erased })
  await reaching(() => world.jobs.forget(jobId, { signal: world.signal }))
  return answer(
    withLines(
      mapOf({
        ansible_job_id: jobId,
        erased,
        started: 0,
        finished: 0,
        stdout: '',
        stderr: '',
        changed: false,
      }),
    ),
  )
}

/** Asks for a job of the task's own host; one of another host is not found, as with Ansible. */
async function lookAt(attempt: Attempt, jobId: string) {
  const { world } = attempt.env.play.context
  try {
    const view = await reaching(() => world.jobs.look(jobId, { signal: world.signal }))
    return view.host === runsOn(attempt) ? view : undefined
  } catch (error) {
    if (error instanceof ErrandError && (error.code === 'not_found' || error.code === 'invalid'))
      return undefined
    throw error
  }
}

function notFound(jobId: string, more: Readonly<Record<string, Value>> = {}): Answer {
  return failure('could not find job', {
    started: 1,
    finished: 1,
    stdout: '',
    stderr: '',
    stdout_lines: [],
    stderr_lines: [],
    ansible_job_id: jobId,
    results_file: resultsFile(jobId),
    ...more,
  })
}

function foreignJob(
  view: { readonly host: string; readonly report: JobReport },
  task: string,
): AsyncJob {
  const { report, host } = view
  return {
    jobId: report.jobId,
    host,
    runsOn: host,
    task,
    reading: { kind: 'foreign', name: report.name },
    resultsFile: resultsFile(report.jobId),
    childPid: childPid(report),
    report,
  }
}

async function finishedResult(attempt: Attempt, job: AsyncJob): Promise<ValueMap> {
  const { world } = attempt.env.play.context
  const result = newMap([
    ...statusFields(job, 1),
    ...outcome(job.reading, await collect(world, job.report)),
  ])
  if (job.report.state.kind === 'timed_out') result.set('child_pid', job.childPid ?? 0)
  return result
}

function statusFields({ jobId, resultsFile }: AsyncJob, finished: 0 | 1): ValueMap {
  return mapOf({
    started: 1,
    finished,
    stdout: '',
    stderr: '',
    stdout_lines: [],
    stderr_lines: [],
    ansible_job_id: jobId,
    results_file: resultsFile,
    changed: false,
  })
}

function childPid(report: JobReport): number | undefined {
  return report.state.kind === 'running' ? report.state.process.pid : undefined
}

function resultsFile(jobId: string): string {
  return `${asyncFolder}/${jobId}`
}
