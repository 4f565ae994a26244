/** What is said of a job, out of its entry and its folder. */
import type { JobId, JobReport, JobState } from '../../proto/job.ts'
import { containmentOf, readUsage } from './containment.ts'
import { startedBefore, stateOfEnd, type EndRecord } from './end-record.ts'
import type { JobEntry } from './job-entry.ts'
import { writtenAtMs } from './read-text.ts'

/** The report of a job that runs or waits for its turn; undefined for one that does neither. */
export function openReport(entry: JobEntry): JobReport | undefined {
  const { life, spec } = entry
  if (life.kind === 'queued') {
    const { queuedAtMs } = life.job
    return { ...heading(entry), state: { kind: 'queued', lock: spec.lock, queuedAtMs } }
  }
  if (life.kind !== 'running') return undefined
  const { main, startedAtMs } = life
  return { ...heading(entry), state: { kind: 'running', process: main, startedAtMs } }
}

/** The report of a job's end, from its record and the times at which the files were written. */
export function endedReport(entry: JobEntry, end: EndRecord): JobReport {
  const { folder, spec } = entry
  const writtenMs = writtenAtMs(folder.process) ?? writtenAtMs(folder.shim) ?? spec.claimedAtMs
  const endedAtMs = writtenAtMs(folder.end) ?? Date.now()
  const startedAtMs = startedBefore(end, { startedAtMs: writtenMs, endedAtMs })
  return {
    ...heading(entry),
    state: stateOfEnd(end, { startedAtMs, endedAtMs }),
    ...(end.kind === 'skipped' ? { skippedBecause: end.because } : {}),
    ...usageOf(entry),
  }
}

/** What the job has used until now, where that is counted. */
export function usageOf({ spec }: JobEntry): Pick<JobReport, 'usage'> {
  const usage = readUsage(spec.cgroup)
  return usage ? { usage } : {}
}

function heading(entry: JobEntry): Omit<JobReport, 'state'> {
  const { spec } = entry
  const containment = spec.kind === 'inline' ? 'none' : containmentOf(spec.cgroup)
  return { jobId: spec.jobId, name: spec.name, ...entry.counts(), containment }
}

/** What is left to say of a job whose folder is gone. */
export function forgottenReport(jobId: JobId, state: JobState): JobReport {
  const none = { keptBytes: 0, droppedBytes: 0 }
  return { jobId, name: '', state, stdout: none, stderr: none, containment: 'none' }
}
