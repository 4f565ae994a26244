import { callUnary, type UnaryMethod } from '../../proto/call.ts'
import { ErrandError } from '../../proto/errors.ts'
import type { ReadProgressReply__Output } from '../../proto/gen/errand/agent/v1/ReadProgressReply.ts'
import type { ReadProgressRequest } from '../../proto/gen/errand/agent/v1/ReadProgressRequest.ts'
import type { JobProgress, ProgressQuestion } from '../../proto/job.ts'
import type { AgentLink } from './agent-link.ts'

/** A list is not kept waiting for longer by one host. */
const patienceMs = 1000

/** What jobs of an agent print of their progress; nothing when it is not connected, too slow, or too old to know. */
export async function askProgress(
  { connection }: AgentLink,
  questions: readonly ProgressQuestion[],
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly JobProgress[]> {
  if (!connection) return []
  const ask: UnaryMethod<ReadProgressRequest, ReadProgressReply__Output> = (...call) =>
    connection.client.readProgress(...call)
  try {
    const request = { jobs: [...questions] }
    return (await callUnary(ask, request, { signal, deadlineMs: patienceMs })).jobs
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ErrandError)) throw error
    return []
  }
}
