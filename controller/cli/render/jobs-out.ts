import type { CancelledJob, JobOut } from '../../../proto/run.ts'
import type { Screen } from './screen.ts'

/** Names the jobs that a run leaves running, and the command that waits for them. */
export function showJobsOut(screen: Screen, jobs: readonly JobOut[], runId: string): void {
  screen.line(`JOBS STILL OUT, errand wait --run ${runId} waits for them:`)
  showJobs(screen, jobs)
}

/** Says how the jobs stand that were to end with their run. */
export function showJobsCancelled(screen: Screen, jobs: readonly CancelledJob[]): void {
  screen.line('JOBS CANCELLED:')
  showJobs(
    screen,
    jobs.map(({ state, ...job }) =>
      state === 'cancelled' ? job : { ...job, task: `${job.task} (${said[state] ?? state})` },
    ),
  )
}

/** Jobs whose end was another one than was asked for. */
const said: Readonly<Record<string, string>> = {
  running: 'not cancelled: its host does not answer',
  submitting: 'not cancelled: its host does not answer',
  succeeded: 'had succeeded',
  failed: 'had failed',
  timed_out: 'had timed out',
}

function showJobs(screen: Screen, jobs: readonly JobOut[]): void {
  const width = Math.max(26, ...jobs.map(({ host }) => host.length))
  for (const { jobId, host, task } of jobs) screen.line(`${host.padEnd(width)} : ${jobId} ${task}`)
  screen.line('')
}
