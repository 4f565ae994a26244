import type { JobId, JobReport } from '../../proto/job.ts'
import type { Reading } from '../modules/reading.ts'

/** A job that `async` asked for, and how its end becomes its module's result. */
export interface AsyncJob {
  readonly jobId: JobId
  readonly host: string
  /** The host that it runs on: another one when delegated. */
  readonly runsOn: string
  readonly task: string
  readonly reading: Reading
  readonly resultsFile: string
  /** Its process when it was last seen to run. */
  readonly childPid: number | undefined
  report: JobReport
}
