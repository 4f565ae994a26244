import type { JobSummary } from '../../proto/control.ts'
import type { JobUsage } from '../../proto/job.ts'
import { openStages } from '../../proto/job-life.ts'
import { localTime, shortDuration } from './durations.ts'
import { coloured, type Meaning } from './render/palette.ts'
import { table } from './table.ts'

/** Jobs as a table for people. */
export function jobTable(jobs: readonly JobSummary[], nowMs: number): string {
  const head = ['JOB', 'HOST', 'STATE', 'STARTED', 'TOOK', 'PROGRESS', 'NAME']
  return table(
    head,
    jobs.map((job) => [
      job.jobId,
      job.host,
      stateText(job),
      startText(job),
      tookText(job, nowMs),
      progressText(job) ?? '-',
      [job.name, ...labelWords(job)].join(' '),
    ]),
  )
}

/** One job, a line a fact. */
export function jobFacts(job: JobSummary, nowMs: number): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['job', job.jobId],
    ['name', job.name],
    ['host', job.host],
    ['run', job.runId],
    ['state', stateText(job)],
    ['detail', job.detail],
    ['started', job.startedAtMs === undefined ? undefined : localTime(job.startedAtMs)],
    ['ended', job.endedAtMs === undefined ? undefined : localTime(job.endedAtMs)],
    ['took', job.startedAtMs === undefined ? undefined : tookText(job, nowMs)],
    [job.progress || job.left ? 'progress' : 'waits', progressText(job)],
    ['lock', job.state === 'queued' ? undefined : job.lock],
    ['labels', Object.keys(job.labels).length > 0 ? labelWords(job).join(' ') : undefined],
    [
      'last seen',
      job.endedAtMs === undefined && job.lastSeenMs ? localTime(job.lastSeenMs) : undefined,
    ],
    ['stdout', `${job.stdoutBytes} bytes`],
    ['stderr', `${job.stderrBytes} bytes`],
    [
      'dropped',
      job.droppedBytes > 0 ? `${job.droppedBytes} bytes that did not fit on the host` : undefined,
    ],
    ['held by', job.containment],
    ['used', job.usage && usageText(job.usage)],
  ]
  return facts
    .filter((fact): fact is readonly [string, string] => fact[1] !== undefined)
    .map(([name, value]) => `${name.padEnd(9)}  ${value}\n`)
    .join('')
}

/** A job's end, or where it is, on one line. */
export function jobLine(job: JobSummary, { nowMs, hasColour }: LineOptions): string {
  const text = `${job.host}: ${job.jobId} ${stateText(job)} after ${tookText(job, nowMs)}: ${job.name}`
  const detail = job.error?.message ?? job.detail
  const line = detail === undefined ? text : `${text} (${detail})`
  return `${hasColour ? coloured(line, meaningOf(job)) : line}\n`
}

interface LineOptions {
  readonly nowMs: number
  readonly hasColour: boolean
}

function stateText({ state, exitCode, signal }: JobSummary): string {
  if (state !== 'failed') return state
  if (exitCode !== undefined) return `failed (rc ${exitCode})`
  return signal === undefined ? 'failed' : `failed (signal ${signal})`
}

/** `40% copying, 3m05s left`; of a job that tells nothing, what earlier ones let expect. */
function progressText(job: JobSummary): string | undefined {
  const { state, progress, left, expiresAtMs } = job
  if (state === 'queued') return lockText(job)
  if (expiresAtMs !== undefined) return `its host is away, expires ${localTime(expiresAtMs)}`
  const rest = left && `about ${shortDuration(left.ms)} left`
  if (!progress) return rest && `${rest}, as earlier`
  const said = [`${progress.percent}%`, progress.text].filter((word) => word !== '').join(' ')
  return rest === undefined ? said : `${said}, ${rest}`
}

/** What a job waits for on its host. */
function lockText({ lock = '', holder }: JobSummary): string {
  if (!holder) return `for the lock ${lock}`
  const { jobId, runId, name } = holder
  const run = runId === '' ? '' : ` of run ${runId}`
  return `for the lock ${lock}, which has ${jobId}${run} (${name})`
}

/** `cpu time 12.4 s   memory peak 81 MB   processes 3`; what the host did not count is left out. */
export function usageText({ cpuMs, peakMemoryBytes, peakProcesses }: JobUsage): string | undefined {
  const words = [
    cpuMs === undefined ? [] : `cpu time ${(cpuMs / 1000).toFixed(1)} s`,
    peakMemoryBytes === undefined ? [] : `memory peak ${Math.ceil(peakMemoryBytes / 1024 ** 2)} MB`,
    peakProcesses === undefined ? [] : `processes ${peakProcesses}`,
  ].flat()
  return words.length > 0 ? words.join('   ') : undefined
}

function labelWords({ labels }: JobSummary): readonly string[] {
  return Object.entries(labels).map(([name, text]) => (text === '' ? name : `${name}=${text}`))
}

function startText({ startedAtMs, createdAtMs }: JobSummary): string {
  return localTime(startedAtMs ?? createdAtMs)
}

function tookText({ startedAtMs, createdAtMs, endedAtMs }: JobSummary, nowMs: number): string {
  return shortDuration((endedAtMs ?? nowMs) - (startedAtMs ?? createdAtMs))
}

function meaningOf({ state, error }: JobSummary): Meaning {
  if (error || state === 'unreachable') return 'unreachable'
  if (state === 'succeeded') return 'ok'
  return openStages.some((stage) => stage === state) ? 'verbose' : 'error'
}
