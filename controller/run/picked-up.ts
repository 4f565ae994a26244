import { isFinal, type JobReport } from '../../proto/job.ts'
import type { ValueMap } from '../../proto/value.ts'
import { answer, type Answer } from '../modules/module.ts'
import type { Reading } from '../modules/reading.ts'
import { launched, pollToEnd } from './async.ts'
import { runsOn, type Attempt } from './attempt.ts'
import { syncResult, toEnd, toldJob } from './job.ts'
import { lookAfter } from './reach.ts'

/**
 * What the task's job comes to that another controller started in this attempt: its end may be in the record though its host is away
 * by now, and what the task was made of may be gone. Undefined when nobody knows whether its host ever heard of it: then the task
 * asks for it again, under the same id.
 */
export async function pickedUp(attempt: Attempt): Promise<Answer | undefined> {
  const told = toldJob(attempt)
  if (!told) return undefined
  const report = await attempt.env.play.context.world.jobs.recorded(told.jobId)
  // Its agent may have died with the host since, and nobody has asked for this host yet who would start it again.
  if (report && !isFinal(report.state)) lookAfter(attempt)
  return report && answer(await resultOf(attempt, { report, reading: told.reading }))
}

async function resultOf(
  attempt: Attempt,
  { report, reading }: { readonly report: JobReport; readonly reading: Reading },
): Promise<ValueMap> {
  const { asyncSeconds, pollSeconds } = attempt.settings
  if (asyncSeconds <= 0) return syncResult(attempt, await toEnd(attempt, report), reading)
  const { job, result } = launched(attempt, { report, runsOn: runsOn(attempt), reading })
  return pollSeconds <= 0 ? result : pollToEnd(attempt, job)
}
