import { sql } from 'kysely'
import { openStages } from '../../proto/job-life.ts'
import type { Database } from './database.ts'
import { jobFromRow } from './job-row.ts'
import type { JobQuery, JobRow, LabelQuery } from './store.ts'

const defaultLimit = 1000

/** A task on a host, and how many of its jobs to look at. */
export interface TaskOnHost {
  readonly host: string
  readonly sameTask: string
  readonly limit: number
}

/** Jobs that a query chooses, newest first. Where no limit is said, one that has not ended is among them, however old. */
export function listJobs(database: Database, query: JobQuery): readonly JobRow[] {
  const newest = rowsOf(database, query)
  if (query.limit !== undefined || newest.length < defaultLimit) return newest
  const states = query.states?.filter((state) => openStages.some((open) => open === state))
  const open = rowsOf(database, { ...query, states: states ?? openStages, limit: 1_000_000 })
  const last = newest.at(-1)?.jobId ?? ''
  return [...newest, ...open.filter(({ jobId }) => jobId < last)]
}

/** How long the last successful jobs of a task took on a host, in milliseconds. */
export function jobDurations(
  database: Database,
  { host, sameTask, limit }: TaskOnHost,
): readonly number[] {
  if (sameTask === '') return []
  const query = database.query
    .selectFrom('jobs')
    .select('report')
    .where('host', '=', host)
    .where('same_task', '=', sameTask)
    // SQLite uses the index only where the query says what the index says.
    .where('same_task', '<>', '')
    .where('state', '=', 'succeeded')
    .orderBy('job_id', 'desc')
    .limit(limit)
  return database.rows(query).flatMap(({ report }) => durationOf(report))
}

function durationOf(report: string | null): readonly number[] {
  if (report === null) return []
  const { state } = JSON.parse(report) as { readonly state: Partial<Ended> }
  const { startedAtMs, endedAtMs } = state
  return startedAtMs === undefined || endedAtMs === undefined ? [] : [endedAtMs - startedAtMs]
}

interface Ended {
  readonly startedAtMs: number
  readonly endedAtMs: number
}

function rowsOf(database: Database, filter: JobQuery): readonly JobRow[] {
  const query = narrowed(jobsOf(database), filter)
    .orderBy('job_id', 'desc')
    .limit(filter.limit ?? defaultLimit)
  return database
    .rows(query)
    .map((row) => jobFromRow({ ...row, position: '', inline_stdout: null, inline_stderr: null }))
}

function jobsOf({ query }: Database) {
  return query.selectFrom('jobs').select([...columns])
}

type JobsQuery = ReturnType<typeof jobsOf>

function narrowed(all: JobsQuery, filter: JobQuery): JobsQuery {
  let query = all
  if (filter.jobIds) query = query.where('job_id', 'in', anyOf(filter.jobIds))
  if (filter.hosts) query = query.where('host', 'in', anyOf(filter.hosts))
  if (filter.runId !== undefined) query = query.where('run_id', '=', filter.runId)
  if (filter.states) query = query.where('state', 'in', filter.states)
  if (filter.task !== undefined) query = query.where(sql<number>`name glob ${filter.task}`, '=', 1)
  if (filter.isAsync !== undefined) query = query.where('is_async', '=', Number(filter.isAsync))
  if (filter.agentId !== undefined) query = query.where('agent_id', '=', filter.agentId)
  if (filter.lock !== undefined) query = query.where('lock', '=', filter.lock)
  if (filter.hasOutput) query = query.where('has_output', '=', 1)
  if (filter.isListed) {
    query = query.where((is) => is.or([is('is_async', '=', 1), is('state', 'in', openStages)]))
  }
  for (const label of filter.labels ?? []) query = query.where(hasLabel(label), '=', 1)
  return inTime(query, filter)
}

/** When a job ended is told by the last word of it: by our clock, not by its host's. */
function inTime(all: JobsQuery, { sinceMs, beforeMs }: JobQuery): JobsQuery {
  let query = all
  if (sinceMs !== undefined) {
    query = query.where((is) =>
      is.or([
        is('created_at_ms', '>=', sinceMs),
        is('last_seen_ms', '>=', sinceMs),
        is('state', 'in', openStages),
      ]),
    )
  }
  return beforeMs === undefined ? query : query.where('created_at_ms', '<', beforeMs)
}

/** One parameter, however many words: SQLite bounds the number of parameters. */
function anyOf(words: readonly string[]) {
  return sql<string>`(select value from json_each(${JSON.stringify(words)}))`
}

function hasLabel({ name, text }: LabelQuery) {
  return text === undefined
    ? sql<number>`exists (select 1 from json_each(labels) where key = ${name})`
    : sql<number>`exists (select 1 from json_each(labels) where key = ${name} and value = ${text})`
}

/** All but the output, which may be large. */
const columns = [
  'job_id',
  'host',
  'agent_id',
  'run_id',
  'task_id',
  'name',
  'is_async',
  'created_at_ms',
  'state',
  'report',
  'last_seen_ms',
  'is_forgotten',
  'labels',
  'same_task',
  'has_output',
  'progress',
  'lock',
  'expires_at_ms',
] as const
