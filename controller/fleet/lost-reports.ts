import type { ErrandError } from '../../proto/errors.ts'
import type { JobReport, JobSpec } from '../../proto/job.ts'
import type { JobRow } from '../store/store.ts'

const nothing = { keptBytes: 0, droppedBytes: 0 }

/** The end of a job whose agent does not know it: what the record last knew is the evidence. */
export function unknownToAgent(row: JobRow, nowMs: number): JobReport {
  return lost(row, {
    evidence: row.report
      ? 'the agent no longer has it: its spool is gone'
      : 'it never reached the host',
    nowMs,
  })
}

/** The end of a job whose agent was taken off the host before it said how the job ended. */
export function agentRemoved(row: JobRow, nowMs: number): JobReport {
  return lost(row, { evidence: 'its agent was uninstalled', nowMs })
}

function lost(
  row: JobRow,
  { evidence, nowMs }: { readonly evidence: string; readonly nowMs: number },
): JobReport {
  const state = row.report?.state
  const startedAtMs = state && 'startedAtMs' in state ? state.startedAtMs : row.createdAtMs
  return {
    jobId: row.jobId,
    name: row.name,
    state: { kind: 'lost', evidence, startedAtMs, endedAtMs: nowMs },
    stdout: row.report?.stdout ?? nothing,
    stderr: row.report?.stderr ?? nothing,
    containment: row.report?.containment ?? 'none',
  }
}

/** The end of a job that was to wait for its host, and was never sent. */
export function neverSent(row: JobRow, state: UnsentEnd): JobReport {
  const { jobId, name, createdAtMs: startedAtMs } = row
  return {
    jobId,
    name,
    state: { startedAtMs, ...state },
    stdout: nothing,
    stderr: nothing,
    containment: 'none',
  }
}

/** How a wait may end. */
export type UnsentEnd =
  | { readonly kind: 'expired' | 'cancelled'; readonly endedAtMs: number }
  | { readonly kind: 'lost'; readonly endedAtMs: number; readonly evidence: string }

/** The end of a job that its agent refused. */
export function neverStarted(
  spec: JobSpec,
  { error, nowMs }: { readonly error: ErrandError; readonly nowMs: number },
): JobReport {
  const failure = {
    kind: 'start',
    errno: error.code.toUpperCase(),
    message: error.message,
  } as const
  return {
    jobId: spec.jobId,
    name: spec.name,
    state: { kind: 'failed', failure, startedAtMs: nowMs, endedAtMs: nowMs },
    stdout: nothing,
    stderr: nothing,
    containment: 'none',
  }
}
