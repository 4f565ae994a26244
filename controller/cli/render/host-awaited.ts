import type { RunEventBody } from '../../../proto/run.ts'
import { localTime } from '../durations.ts'

/** That a host is away, and until when it is waited for. */
export function hostAwaitedText(event: Extract<RunEventBody, { kind: 'host_awaited' }>): string {
  const { host, untilMs, reason, jobId } = event
  const until = localTime(untilMs)
  return jobId === undefined
    ? `${host} is away, waiting for it until ${until}: ${reason}`
    : `${host} | WAITING | job ${jobId} starts when the host is back, expires ${until}: ${reason}`
}
