import type { Command } from 'commander'
import type { JobFilter } from '../../../proto/control.ts'
import { ErrandError } from '../../../proto/errors.ts'
import { isJobId } from '../../../proto/job.ts'
import { collect, wholeNumber } from './run-flags.ts'

/** Flags that choose jobs. */
export interface JobFlags {
  readonly host: readonly string[]
  readonly run?: string
  readonly state: readonly string[]
  readonly name?: string
  readonly limit?: number
  readonly json?: true
}

/** Adds the flags that choose jobs. */
export function addJobFlags(command: Command): Command {
  return command
    .option('--host <name>', 'jobs on this host; may be repeated', collect, [])
    .option('--run <run>', 'jobs of this run')
    .option('--state <state>', 'jobs in this state; may be repeated', collect, [])
    .option('--name <text>', 'jobs with this in their name')
    .option('--limit <number>', 'no more than this many, newest first', wholeNumber)
    .option('--json', 'print a JSON object a line')
}

/**
 * What the flags choose.
 *
 * @throws {ErrandError} `invalid` when a word is no job id.
 */
export function jobFilter(jobIds: readonly string[], flags: JobFlags): JobFilter {
  const wrong = jobIds.find((id) => !isJobId(id))
  if (wrong !== undefined)
    throw new ErrandError('invalid', `"${wrong}" is not a job id; errand jobs lists them`)
  return {
    jobIds,
    hosts: flags.host.flatMap((names) => names.split(',')),
    states: flags.state.flatMap((states) => states.split(',')),
    limit: flags.limit ?? 0,
    ...(flags.run === undefined ? {} : { runId: flags.run }),
    ...(flags.name === undefined ? {} : { name: flags.name }),
  }
}

/**
 * The same for commands that act: they must be told on which jobs.
 *
 * @throws {ErrandError} `invalid`.
 */
export function chosenJobs(jobIds: readonly string[], flags: JobFlags): JobFilter {
  const filter = jobFilter(jobIds, flags)
  const isEmpty = [filter.jobIds, filter.hosts, filter.states].every((words) => words.length === 0)
  if (isEmpty && filter.runId === undefined && filter.name === undefined) {
    throw new ErrandError(
      'invalid',
      'say which jobs: their ids, or --run, --host, --state or --name',
    )
  }
  return filter
}
