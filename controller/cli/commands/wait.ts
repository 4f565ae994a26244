import { filterToWire, jobFromWire } from '../../../proto/control-codec.ts'
import type { JobSummary } from '../../../proto/control.ts'
import { openStages } from '../../../proto/job-life.ts'
import { messages, type Incoming } from '../../../proto/stream.ts'
import type { Job__Output } from '../../../proto/gen/errand/control/v1/Job.ts'
import type { CommandContext } from '../context.ts'
import type { ControllerClient } from '../controller-client.ts'
import { shortDuration } from '../durations.ts'
import { chosenJobs, type JobFlags } from '../flags/job-flags.ts'
import { jobLine } from '../job-lines.ts'

/**
 * `errand wait`: waits for jobs and says how each ended. 0 when all succeeded, 2 when one did not, 4 when one is out of
 * reach or has expired.
 */
export async function waitForJobs(
  jobIds: readonly string[],
  flags: JobFlags,
  context: CommandContext,
): Promise<number> {
  const filter = filterToWire(chosenJobs(jobIds, flags, context.config))
  return await report(({ calls }) => calls.waitJobs(filter), flags, context)
}

/** `errand cancel`: ends jobs. 0 when none is left running. */
export async function cancelJobs(
  jobIds: readonly string[],
  flags: JobFlags & { readonly grace?: number },
  context: CommandContext,
): Promise<number> {
  const filter = filterToWire(chosenJobs(jobIds, flags, context.config))
  const grace = flags.grace === undefined ? {} : { graceMs: flags.grace * 1000 }
  const cancel = ({ calls }: ControllerClient) => calls.cancelJobs({ filter, ...grace })
  const code = await report(cancel, flags, context)
  return code === 2 ? 0 : code
}

/** Prints each job once, however often the controller goes meanwhile. */
async function report(
  begin: (controller: ControllerClient) => Incoming<Job__Output>,
  flags: JobFlags,
  context: CommandContext,
): Promise<number> {
  const { terminal, config, interrupt, controllers } = context
  const open = new Map<string, JobSummary>()
  const ended = new Set<string>()
  let code = 0
  const timer = setInterval(() => showWaiting(open, context), 1000)
  try {
    const wires = controllers.follow((controller) => messages(begin(controller), interrupt.signal))
    for await (const wire of wires) {
      const job = jobFromWire(wire)
      if (ended.has(job.jobId)) continue
      const isOpen = stillOpen.includes(job.state) && !job.error
      if (isOpen) open.set(job.jobId, job)
      else {
        open.delete(job.jobId)
        ended.add(job.jobId)
        code = Math.max(code, codeOf(job))
      }
      if (flags.json) await terminal.json(job)
      else if (!isOpen)
        await terminal.out(jobLine(job, { nowMs: Date.now(), hasColour: config.hasColour }))
    }
  } finally {
    clearInterval(timer)
    terminal.clearProgress()
  }
  return code
}

const stillOpen: readonly string[] = [...openStages, 'unreachable']

function codeOf({ state, error }: JobSummary): number {
  // An expired job is one whose host was out of reach.
  if (error || state === 'expired') return 4
  return state === 'succeeded' ? 0 : 2
}

function showWaiting(open: ReadonlyMap<string, JobSummary>, { terminal }: CommandContext): void {
  const jobs = Array.from(open.values())
  const [first] = jobs
  if (!first) return
  const since = Math.min(...jobs.map(({ startedAtMs, createdAtMs }) => startedAtMs ?? createdAtMs))
  const hosts = jobs.length > 1 ? `${jobs.length} jobs` : `${first.name} on ${first.host}`
  terminal.progress(`waiting ${shortDuration(Date.now() - since)} for ${hosts}`)
}
