import type { JobSummary, JobSummaryState } from '../../proto/control.ts'
import { isFinal, type JobFailure, type JobReport } from '../../proto/job.ts'
import { stageOf } from '../store/job-stage.ts'
import type { JobRow } from '../store/store.ts'
import type { AgentConnection } from './fleet-port.ts'

/** A job of the record in a line. A job that runs on a silent host is `unreachable`: nobody knows that it runs. */
export function summarizeJob(job: JobRow, connection: AgentConnection): JobSummary {
  const { report, lastSeenMs, lock, expiresAtMs } = job
  const state = stateOf(job, connection)
  const detail = state === 'unreachable' ? silence(job, connection) : detailOf(report)
  return {
    jobId: job.jobId,
    host: job.host,
    runId: job.runId,
    name: job.name,
    state,
    createdAtMs: job.createdAtMs,
    ...(detail === undefined ? {} : { detail }),
    ...(lastSeenMs === undefined ? {} : { lastSeenMs }),
    ...timesOf(report),
    ...failureOf(report),
    stdoutBytes: report?.stdout.keptBytes ?? 0,
    stderrBytes: report?.stderr.keptBytes ?? 0,
    droppedBytes: (report?.stdout.droppedBytes ?? 0) + (report?.stderr.droppedBytes ?? 0),
    containment: report?.containment ?? 'none',
    ...(report?.usage ? { usage: report.usage } : {}),
    labels: job.labels ?? {},
    ...(lock === undefined || lock === '' ? {} : { lock }),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
  }
}

/** Where a job is: one that runs or is queued on a silent host is `unreachable`. */
export function stateOf(job: JobRow, connection: AgentConnection): JobSummaryState {
  const isOut = job.report !== undefined && !isFinal(job.report.state)
  return isOut && connection.state === 'unreachable' ? 'unreachable' : stageOf(job)
}

function silence(job: JobRow, { detail }: AgentConnection): string {
  const { lastSeenMs } = job
  const seen =
    lastSeenMs === undefined
      ? 'never seen'
      : `last seen ${stageOf(job)} at ${new Date(lastSeenMs).toISOString()}`
  return detail === undefined ? seen : `${detail}, ${seen}`
}

function detailOf(report: JobReport | undefined): string | undefined {
  if (!report) return undefined
  const { state } = report
  if (state.kind === 'lost') return state.evidence
  if (state.kind === 'expired') return 'its host was away until then; it was never sent'
  if (state.kind === 'failed' && state.failure.kind === 'start') return state.failure.message
  const oomKills = report.usage?.oomKills ?? 0
  if (oomKills > 0) return `out of memory: the kernel ended ${oomKills} of its processes`
  return report.skippedBecause
}

function timesOf(report: JobReport | undefined): Pick<JobSummary, 'startedAtMs' | 'endedAtMs'> {
  if (!report) return {}
  const { state } = report
  if (state.kind === 'queued') return {}
  if (state.kind === 'running') return { startedAtMs: state.startedAtMs }
  return { startedAtMs: state.startedAtMs, endedAtMs: state.endedAtMs }
}

function failureOf(report: JobReport | undefined): Pick<JobSummary, 'exitCode' | 'signal'> {
  if (report?.state.kind === 'succeeded') return { exitCode: 0 }
  return report?.state.kind === 'failed' ? codeOf(report.state.failure) : {}
}

function codeOf(failure: JobFailure): Pick<JobSummary, 'exitCode' | 'signal'> {
  if (failure.kind === 'exit') return { exitCode: failure.exitCode }
  return failure.kind === 'signal' ? { signal: failure.signal } : {}
}
