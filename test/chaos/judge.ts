import type { PlannedJob } from './plan.ts'
import type { PowerCut } from './faults.ts'
import { expectedBytes, fullBytes, type OwnWord } from './job-program.ts'

/** What errand says of a job, as `errand jobs --json` has it. */
export interface Row {
  readonly jobId: string
  readonly host: string
  readonly labels: Readonly<Record<string, string>>
  readonly state: string
  readonly detail?: string
  readonly createdAtMs: number
  readonly exitCode?: number
  readonly stdoutBytes: number
  readonly stderrBytes: number
  readonly droppedBytes: number
}

/** All that is known of a job at the end. */
export interface Case {
  readonly job: PlannedJob
  /** None: the run came to no submit. More than one is a fault of errand. */
  readonly rows: readonly Row[]
  readonly word: OwnWord
  /** The boot that its host is in now. */
  readonly bootId: string
  readonly powerCuts: readonly PowerCut[]
  /** What `errand logs` gave. */
  readonly logs: { readonly stdout: Buffer; readonly stderr: Buffer }
}

/** What is wrong with a job, in sentences; nothing where all is well. */
export interface Verdict {
  readonly wrongEnd: string | undefined
  readonly doubleRun: string | undefined
  readonly lostBytes: string | undefined
}

/** How long before a power cut a program may have ended and its end not have been recorded, on a busy machine. */
const unrecordedMs = 5000

/** Judges one job by what it has said itself, and by what was done to its host. */
export function judge(entry: Case): Verdict {
  return { wrongEnd: wrongEnd(entry), doubleRun: doubleRun(entry), lostBytes: lostBytes(entry) }
}

function doubleRun({ rows, word }: Case): string | undefined {
  if (word.starts > 1) return `it was started ${word.starts} times`
  if (rows.length > 1) return `${rows.length} jobs in the record`
  return undefined
}

function wrongEnd(entry: Case): string | undefined {
  const { job, rows, word } = entry
  const [row] = rows
  if (row === undefined) return word.starts > 0 ? 'it ran, and errand does not know it' : undefined
  if (row.state === 'lost') return wronglyLost(entry, row)
  if (word.starts === 0 && job.fate === 'ends') return `${row.state}, and it never began`
  switch (job.fate) {
    case 'times out':
      return row.state === 'timed_out' ? undefined : `${row.state} instead of timed_out`
    case 'is cancelled':
      return row.state === 'cancelled' ? undefined : `${row.state} instead of cancelled`
    case 'ends':
      return wrongExit(entry, row)
  }
}

function wrongExit({ job, word }: Case, row: Row): string | undefined {
  const state = job.exitCode === 0 ? 'succeeded' : 'failed'
  if (row.state !== state) return `${row.state} instead of ${state}`
  if ((row.exitCode ?? 0) !== job.exitCode) return `exit code ${row.exitCode}, not ${job.exitCode}`
  if (word.end?.code !== job.exitCode) return `${state}, and it did not come to its end`
  return undefined
}

function wronglyLost({ job, word, bootId, powerCuts }: Case, row: Row): string | undefined {
  const cuts = powerCuts.filter(({ host, toMs }) => host === job.host && toMs >= row.createdAtMs)
  if (word.starts === 0) return undefined
  if (cuts.length === 0) return 'lost, and its host never lost power'
  if (word.bootId === bootId) return 'lost, and its host has not been down since it began'
  const { end } = word
  if (end === undefined) return undefined
  return cuts.some(({ fromMs, toMs }) => end.atMs >= fromMs - unrecordedMs && end.atMs <= toMs)
    ? undefined
    : 'lost, and it had ended long before its host lost power'
}

function lostBytes(entry: Case): string | undefined {
  return streamFault(entry, 'stdout') ?? streamFault(entry, 'stderr')
}

function streamFault(entry: Case, stream: 'stdout' | 'stderr'): string | undefined {
  const { job, rows, word } = entry
  const [row] = rows
  if (row === undefined) return undefined
  const kept = entry.logs[stream]
  const told = stream === 'stdout' ? row.stdoutBytes : row.stderrBytes
  if (row.droppedBytes > 0) return `${row.droppedBytes} bytes dropped`
  if (!kept.equals(expectedBytes(job, { stream, length: kept.length }))) {
    return `${stream} is not what the job wrote`
  }
  if (row.state !== 'lost' && told !== kept.length) {
    return `${kept.length} bytes of ${stream}, and the job is told to have ${told}`
  }
  const hasEnded = row.state === 'succeeded' || row.state === 'failed'
  const least = hasEnded ? fullBytes(job)[stream] : word.wrote[stream]
  return kept.length < least ? `${kept.length} of ${least} bytes of ${stream}` : undefined
}
