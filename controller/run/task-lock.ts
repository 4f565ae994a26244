import { ErrandError } from '../../proto/errors.ts'
import { isLockName, lockNameRule } from '../../proto/job.ts'
import { textOf } from '../modules/arguments.ts'
import type { Attempt } from './attempt.ts'
import { variable } from './job-about.ts'

/**
 * The variable `errand_lock`: at most one job with this name at a time is on the host, whatever run or task it is of.
 * Empty takes back what an outer level says.
 *
 * @throws {ErrandError} `invalid` when it is no name.
 */
export function taskLock(attempt: Attempt): string | undefined {
  const value = variable(attempt, 'errand_lock')
  if (value === undefined || value === null || value === '') return undefined
  const name = textOf(value)
  if (isLockName(name)) return name
  throw new ErrandError('invalid', `errand_lock is ${lockNameRule}, not ${JSON.stringify(name)}`)
}
