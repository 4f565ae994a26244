import type { JobSummary, RunSummary } from '../../../proto/control.ts'
import type { HostStats } from '../../../proto/run.ts'
import { localTime, shortDuration } from '../durations.ts'
import { jobTable } from '../job-lines.ts'
import { table } from '../table.ts'
import type { PlayStory, ResultStory, RunStory, TaskStory } from './run-story.ts'

/** What `errand show` is about. */
export interface ShownRun {
  readonly run: RunSummary
  readonly story: RunStory
  /** Oldest first. */
  readonly jobs: readonly JobSummary[]
}

/** A run for people: what it was, its tasks, its hosts, its jobs, and how it ended. */
export function runText(shown: ShownRun, nowMs: number): string {
  const parts = [
    runFacts(shown, nowMs),
    ...shown.story.plays.map(playText),
    hostsText(shown.story),
    shown.jobs.length === 0 ? '' : jobTable(shown.jobs, nowMs),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function runFacts({ run, story }: ShownRun, nowMs: number): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['run', run.runId],
    ['command', run.title],
    ['state', run.state],
    ['exit code', run.exitCode === undefined ? undefined : String(run.exitCode)],
    ['error', story.end?.error],
    ['started', localTime(run.startedAtMs)],
    ['ended', run.endedAtMs === undefined ? undefined : localTime(run.endedAtMs)],
    ['took', shortDuration((run.endedAtMs ?? nowMs) - run.startedAtMs)],
    ['jobs out', run.jobsOut === 0 ? undefined : jobsOutText(run)],
  ]
  return facts
    .filter((fact): fact is readonly [string, string] => fact[1] !== undefined)
    .map(([name, value]) => `${name.padEnd(9)}  ${value}\n`)
    .join('')
}

function jobsOutText({ runId, jobsOut }: RunSummary): string {
  return `${jobsOut}, errand wait --run ${runId} waits for them`
}

function playText({ play, tasks }: PlayStory): string {
  const head = ['TASK', 'OK', 'CHANGED', 'SKIPPED', 'FAILED', 'UNREACHABLE', 'IGNORED', 'TOOK']
  const rows = tasks.map((task) => [task.task, ...taskCounts(task), taskTook(task)])
  return `PLAY [${play}]\n${rows.length === 0 ? '' : table(head, rows)}`
}

function taskCounts({ results }: TaskStory): readonly string[] {
  const number = (counts: (result: ResultStory) => boolean) => String(results.filter(counts).length)
  return [
    ...(['ok', 'changed', 'skipped', 'failed', 'unreachable'] as const).map((status) =>
      number((result) => result.status === status && !result.isIgnored),
    ),
    number(({ isIgnored }) => isIgnored),
  ]
}

/** From its beginning to its last result; a task that has none yet shows none. */
function taskTook({ startedAtMs, results }: TaskStory): string {
  if (results.length === 0) return '-'
  return shortDuration(Math.max(...results.map(({ endedAtMs }) => endedAtMs)) - startedAtMs)
}

const recapColumns = [
  'ok',
  'changed',
  'unreachable',
  'failed',
  'skipped',
  'rescued',
  'ignored',
] as const satisfies readonly (keyof HostStats)[]

function hostsText({ stats }: RunStory): string {
  if (stats === undefined || Object.keys(stats).length === 0) return ''
  const rows = Object.entries(stats)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, counts]) => [host, ...recapColumns.map((name) => String(counts[name]))])
  return table(['HOST', ...recapColumns.map((name) => name.toUpperCase())], rows)
}
