import type { Insertable, Selectable } from 'kysely'
import type { JobReport } from '../../proto/job.ts'
import { stageOf } from './job-stage.ts'
import type { Schema } from './schema.ts'
import type { JobRow } from './store.ts'

type JobColumns = Selectable<Schema['jobs']>

/** A job as a row of its table. */
export function jobToRow(job: JobRow): Insertable<Schema['jobs']> {
  return {
    job_id: job.jobId,
    host: job.host,
    agent_id: job.agentId,
    run_id: job.runId,
    task_id: job.taskId,
    name: job.name,
    is_async: Number(job.isAsync),
    created_at_ms: Math.round(job.createdAtMs),
    ...reportToColumns(job.report),
    state: stageOf(job),
    expires_at_ms: job.expiresAtMs ?? null,
    lock: job.lock ?? '',
    last_seen_ms: job.lastSeenMs ?? null,
    is_forgotten: Number(job.isForgotten),
    labels: JSON.stringify(job.labels ?? {}),
    same_task: job.sameTask ?? '',
    has_output: Number(job.hasOutput ?? false),
    progress: job.progress ?? 'lines',
    position: job.position ?? '',
  }
}

/** The columns that a report fills: inline output as bytes, the rest as JSON. */
export function reportToColumns(
  report: JobReport | undefined,
): Pick<JobColumns, 'report' | 'inline_stdout' | 'inline_stderr'> {
  if (!report) return { report: null, inline_stdout: null, inline_stderr: null }
  const { inlineOutput, ...rest } = report
  return {
    report: JSON.stringify(rest),
    inline_stdout: inlineOutput?.stdout ?? null,
    inline_stderr: inlineOutput?.stderr ?? null,
  }
}

/** A row of the table as a job. */
export function jobFromRow(row: JobColumns): JobRow {
  return {
    jobId: row.job_id,
    host: row.host,
    agentId: row.agent_id,
    runId: row.run_id,
    taskId: row.task_id,
    name: row.name,
    isAsync: row.is_async === 1,
    createdAtMs: row.created_at_ms,
    report: reportFromColumns(row),
    lastSeenMs: row.last_seen_ms ?? undefined,
    isForgotten: row.is_forgotten === 1,
    labels: JSON.parse(row.labels) as Readonly<Record<string, string>>,
    sameTask: row.same_task,
    hasOutput: row.has_output === 1,
    progress: row.progress === 'percent' ? 'percent' : 'lines',
    position: row.position,
    lock: row.lock,
    expiresAtMs: row.state === 'waiting' ? (row.expires_at_ms ?? undefined) : undefined,
  }
}

function reportFromColumns(row: JobColumns): JobReport | undefined {
  if (row.report === null) return undefined
  const report = JSON.parse(row.report) as JobReport
  const { inline_stdout: stdout, inline_stderr: stderr } = row
  return stdout && stderr ? { ...report, inlineOutput: { stdout, stderr } } : report
}
