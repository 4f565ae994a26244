import { abortReason } from '../../proto/call.ts'
import { ErrandError } from '../../proto/errors.ts'
import type { JobId, JobReport, JobSpec } from '../../proto/job.ts'
import type { ClockPort } from '../run/ports.ts'
import type { AgentLink } from './agent-link.ts'
import { Backoff } from './backoff.ts'
import { brokenOff, isBrokenOff } from './broken-off.ts'
import type { AgentConnection } from './connection.ts'
import { undefinedWhenNotFound } from './not-found.ts'

/** What came of a submit. `refused`: the agent has started nothing under this id, and never will. */
export type Submitted =
  | { readonly kind: 'taken'; readonly report: JobReport }
  | { readonly kind: 'refused'; readonly error: ErrandError }

export interface SubmitOptions {
  /** How long the agent may stay silent before it is given up. */
  readonly timeoutMs: number
  /** Send it twice: a test of the promise that nothing runs twice. */
  readonly isRepeated: boolean
  readonly clock: ClockPort
  readonly signal: AbortSignal
}

/**
 * Sends a job to its agent until there is an answer.
 *
 * @throws {ErrandError} `unreachable` or `denied`: whether it runs is not known then.
 */
export async function submitJob(
  link: AgentLink,
  spec: JobSpec,
  options: SubmitOptions,
): Promise<Submitted> {
  const { isRepeated, signal } = options
  const backoff = new Backoff(options)
  for (;;) {
    try {
      return await link.use((connection) => send(connection, spec, isRepeated), options)
    } catch (error) {
      if (signal.aborted) throw abortReason(signal)
      // The connection broke off under the question: the same id may be sent again. A link that cannot be had has
      // used up its time.
      if (!isBrokenOff(error)) throw error
    }
    await backoff.wait({ signal })
  }
}

async function send(
  connection: AgentConnection,
  spec: JobSpec,
  isRepeated: boolean,
): Promise<Submitted> {
  const answer = connection.submit(spec)
  const again = isRepeated ? connection.submit(spec) : answer
  try {
    const [report] = await Promise.all([answer, again])
    return { kind: 'taken', report }
  } catch (error) {
    if (isRefusal(error)) return await refused(connection, spec.jobId, error).catch(brokenOff)
    return brokenOff(error)
  }
}

/** An earlier submit of it may still be on its way: the agent says what it knows of the job, or never starts it. */
async function refused(
  connection: AgentConnection,
  jobId: JobId,
  error: ErrandError,
): Promise<Submitted> {
  const report = await connection.callOff(jobId).catch(undefinedWhenNotFound)
  return report ? { kind: 'taken', report } : { kind: 'refused', error }
}

function isRefusal(error: unknown): error is ErrandError {
  const isKnown = error instanceof ErrandError
  return isKnown && error.code !== 'unreachable' && error.code !== 'denied'
}
