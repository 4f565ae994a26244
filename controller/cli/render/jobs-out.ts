import type { JobOut } from '../../../proto/run.ts'
import type { Screen } from './screen.ts'

/** Names the jobs that a run leaves running, and the command that waits for them. */
export function showJobsOut(screen: Screen, jobs: readonly JobOut[], runId: string): void {
  screen.line(`JOBS STILL OUT, errand wait --run ${runId} waits for them:`)
  const width = Math.max(26, ...jobs.map(({ host }) => host.length))
  for (const { jobId, host, task } of jobs) screen.line(`${host.padEnd(width)} : ${jobId} ${task}`)
  screen.line('')
}
