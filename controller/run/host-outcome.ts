import type { HostRun } from './host-run.ts'
import type { IncludeAsked } from './include-asked.ts'
import type { Result } from './results.ts'

/** What a task came to on a host. */
export interface HostOutcome {
  readonly result: Result
  readonly noLog: boolean
  /** Its items had lines of their own. */
  readonly hasItems: boolean
  readonly delegate: string | undefined
  /** Differences are to be shown. */
  readonly hasDiff: boolean
  readonly ignoreErrors: boolean
  readonly ignoreUnreachable: boolean
  /** The handlers that it names; of a loop those of every item that ran. */
  readonly notify: readonly string[]
  /** What it asks to bring in, in order. */
  readonly includes: readonly IncludeAsked[]
}

/** A host and what the task came to there. */
export interface Ran {
  readonly host: HostRun
  readonly outcome: HostOutcome
}
