import type { Command } from 'commander'
import type { JobFilter } from '../../../proto/control.ts'
import { ErrandError } from '../../../proto/errors.ts'
import { isJobId } from '../../../proto/job.ts'
import { jobStages } from '../../../proto/job-life.ts'
import type { CliConfig } from '../config.ts'
import { age } from './age.ts'
import { moment } from './moment.ts'
import { collect, wholeNumber } from './run-flags.ts'

/** Flags that choose jobs. */
export interface JobFlags {
  readonly host: readonly string[]
  readonly inventory: readonly string[]
  readonly run?: string
  readonly task?: string
  readonly state: readonly string[]
  readonly label: readonly string[]
  /** Milliseconds since the epoch. */
  readonly since?: number
  /** Milliseconds. */
  readonly olderThan?: number
  readonly limit?: number
  readonly all?: true
  readonly json?: true
}

/** Adds the flags that choose jobs. */
export function addJobFlags(command: Command): Command {
  return command
    .option('--host <pattern>', 'jobs on these hosts; a pattern as in a play', collect, [])
    .option('-i, --inventory <source>', 'where the groups of --host are', collect, [])
    .option('--run <run>', 'jobs of this run: its id, the beginning of it, or last')
    .option('--task <glob>', 'jobs of tasks with this name; *, ? and [a-z] mean what they mean')
    .option('--state <state>', 'jobs in this state; may be repeated', collect, [])
    .option('--label <name[=text]>', 'jobs with this label; may be repeated', collect, [])
    .option('--since <time>', 'jobs that were going on then or began later: 10m, a date', moment)
    .option('--older-than <age>', 'jobs that began longer ago, as 90s or 2h', age)
    .option('--limit <number>', 'no more than this many, newest first', wholeNumber)
    .option('--json', 'print a JSON object a line')
}

/**
 * What the flags choose.
 *
 * @throws {ErrandError} `invalid` when a word is no job id or no state.
 */
export function jobFilter(
  jobIds: readonly string[],
  flags: JobFlags,
  { cwd, environment }: Pick<CliConfig, 'cwd' | 'environment'>,
): JobFilter {
  const { run, task, since, olderThan, inventory } = flags
  const wrong = jobIds.find((id) => !isJobId(id))
  if (wrong !== undefined)
    throw new ErrandError('invalid', `"${wrong}" is not a job id; errand jobs lists them`)
  return {
    jobIds,
    hosts: [],
    states: statesOf(flags),
    labels: flags.label,
    limit: flags.limit ?? 0,
    ...(flags.host.length === 0 ? {} : { pattern: flags.host.join(',') }),
    ...(inventory.length === 0 ? {} : { groups: { cwd, environment, inventories: inventory } }),
    ...(run === undefined ? {} : { runId: run }),
    ...(task === undefined ? {} : { task }),
    ...(since === undefined ? {} : { sinceMs: since }),
    ...(olderThan === undefined ? {} : { beforeMs: Date.now() - olderThan }),
  }
}

/**
 * The same for commands that act: they must be told on which jobs.
 *
 * @throws {ErrandError} `invalid`.
 */
export function chosenJobs(
  jobIds: readonly string[],
  flags: JobFlags,
  config: Pick<CliConfig, 'cwd' | 'environment'>,
): JobFilter {
  const { host, state, label, run, task, since, olderThan, all } = flags
  const hasWords = [jobIds, host, state, label].some((words) => words.length > 0)
  const hasValue = [run, task, since, olderThan, all].some((value) => value !== undefined)
  if (hasWords || hasValue) return jobFilter(jobIds, flags, config)
  throw new ErrandError(
    'invalid',
    'say which jobs: their ids, or --run, --host, --task, --state, --label, --since or --older-than' +
      '; --all for every one',
  )
}

function statesOf({ state }: JobFlags): readonly string[] {
  const states = state.flatMap((words) => words.split(','))
  const known = [...jobStages, 'unreachable']
  const wrong = states.find((one) => !known.includes(one))
  if (wrong === undefined) return states
  throw new ErrandError('invalid', `"${wrong}" is no state of a job: ${known.join(', ')}`)
}
