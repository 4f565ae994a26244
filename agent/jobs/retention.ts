/** Which ended jobs go by themselves: never before the controller has acknowledged their end. */
import { isFinal } from '../../proto/job.ts'
import type { JobEntry } from './job-entry.ts'

/** How much of the past is kept. Any of them is enough to let the oldest go. */
export interface Retention {
  /** Ended jobs. */
  readonly mostJobs: number
  /** Output of ended jobs. */
  readonly mostBytes: number
  readonly oldestMs: number
}

export const defaultRetention: Retention = {
  mostJobs: 5000,
  mostBytes: 4 * 1024 ** 3,
  oldestMs: 14 * 24 * 60 * 60 * 1000,
}

export interface RetentionView {
  readonly retention: Retention
  readonly nowMs: number
  /** Bytes of output that others need: as many have to go. */
  readonly neededBytes: number
  readonly isAcknowledged: (seq: number) => boolean
}

/** The entries that may and should go, oldest first. */
export function outlivedJobs(
  entries: Iterable<JobEntry>,
  view: RetentionView,
): readonly JobEntry[] {
  const { retention, nowMs, neededBytes, isAcknowledged } = view
  const ended = [...entries].flatMap((entry) =>
    entry.life.kind === 'ended' ? [{ entry, ...entry.life }] : [],
  )
  ended.sort((a, b) => (a.entry.folder.jobId < b.entry.folder.jobId ? -1 : 1))
  let jobs = ended.length
  let bytes = ended.reduce(
    (sum, { report }) => sum + report.stdout.keptBytes + report.stderr.keptBytes,
    0,
  )
  const mostBytes = Math.min(retention.mostBytes, bytes - neededBytes)
  const gone: JobEntry[] = []
  for (const { entry, report, seq } of ended) {
    const { state } = report
    const endedAtMs = isFinal(state) ? state.endedAtMs : nowMs
    const isOld = nowMs - endedAtMs > retention.oldestMs
    const ownBytes = report.stdout.keptBytes + report.stderr.keptBytes
    const isTooMuch = jobs > retention.mostJobs || (bytes > mostBytes && ownBytes > 0)
    if (!isOld && !isTooMuch) continue
    if (!isAcknowledged(seq)) continue
    gone.push(entry)
    jobs -= 1
    bytes -= ownBytes
  }
  return gone
}
