import { filterToWire, jobFromWire } from '../../../proto/control-codec.ts'
import type { JobFilter, JobSummary } from '../../../proto/control.ts'
import type { CommandContext } from '../context.ts'
import { chosenJobs, jobFilter, type JobFlags } from '../flags/job-flags.ts'
import { jobFacts, jobTable } from '../job-lines.ts'
import { readAll } from '../read-all.ts'

/** `errand jobs`: the jobs of the fleet. */
export async function showJobs(flags: JobFlags, context: CommandContext): Promise<number> {
  const jobs = await readJobs(jobFilter([], flags, context.config), context)
  if (flags.json) for (const job of jobs) await context.terminal.json(job)
  else if (jobs.length > 0) await context.terminal.out(jobTable(jobs, Date.now()))
  else await context.terminal.err('no jobs\n')
  return 0
}

/** `errand status`: all that is known of some jobs. */
export async function showStatus(
  jobIds: readonly string[],
  flags: JobFlags,
  context: CommandContext,
): Promise<number> {
  const jobs = await readJobs(chosenJobs(jobIds, flags, context.config), context)
  const named = jobIds.flatMap((id) => jobs.filter(({ jobId }) => jobId === id))
  const inOrder = jobIds.length > 0 ? named : jobs
  for (const [index, job] of inOrder.entries()) {
    if (flags.json) await context.terminal.json(job)
    else await context.terminal.out(`${index > 0 ? '\n' : ''}${jobFacts(job, Date.now())}`)
  }
  return 0
}

async function readJobs(
  filter: JobFilter,
  { controllers, interrupt: { signal } }: CommandContext,
): Promise<readonly JobSummary[]> {
  return await controllers.ask(({ calls }) =>
    readAll(calls.listJobs(filterToWire(filter)), { map: jobFromWire, signal }),
  )
}
