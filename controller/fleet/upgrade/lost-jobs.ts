import { isFinal, type JobReport, type ProcessIdentity } from '../../../proto/job.ts'

/**
 * Compares what ran before an agent was replaced with what the new one says of it. A job that ended in between is well;
 * one that is unknown, lost, or another process by now is not.
 *
 * @returns A sentence about the first few that are not well; undefined when all are.
 */
export function lostJobs(
  before: readonly JobReport[],
  after: readonly JobReport[],
): string | undefined {
  const now = new Map(after.map((report) => [report.jobId, report]))
  const complaints = before.flatMap((report) => complaint(report, now.get(report.jobId)) ?? [])
  if (complaints.length === 0) return undefined
  const more = complaints.length > 3 ? `, and ${complaints.length - 3} more` : ''
  return `it lost jobs: ${complaints.slice(0, 3).join(', ')}${more}`
}

function complaint(
  { jobId, state: was }: JobReport,
  now: JobReport | undefined,
): string | undefined {
  if (isFinal(was)) return undefined
  if (!now) return `${jobId} is unknown to it`
  const { state } = now
  if (state.kind === 'lost') return `${jobId} is lost to it (${state.evidence})`
  if (state.kind !== 'running' || was.kind !== 'running') return undefined
  return isSame(was.process, state.process) ? undefined : `${jobId} is another process to it`
}

function isSame(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTicks === b.startTicks && a.bootId === b.bootId
}
