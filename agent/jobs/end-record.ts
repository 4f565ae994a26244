/** How a job ended, as it stands in its `end` file. */
import type { JobFailure, JobState } from '../../proto/job.ts'

/** What the file says. The shim knows exits, signals and whether it was the time limit; the agent the rest. */
export type EndRecord =
  | ({ readonly kind: 'ended'; readonly exit: ProgramExit } & Took)
  | ({ readonly kind: 'timed_out' } & Took)
  | ({ readonly kind: 'cancelled' } & Took)
  | { readonly kind: 'skipped'; readonly because: string }
  | { readonly kind: 'not_started'; readonly errno: string; readonly message: string }
  | { readonly kind: 'lost'; readonly evidence: string }

/** How long it took by a clock that nobody sets, in milliseconds, where the shim has measured it. */
interface Took {
  readonly tookMs?: number
}

type ProgramExit =
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'signal'; readonly signal: number }

/** Reads an `end` file; undefined when it is torn or not one. */
export function parseEnd(text: string): EndRecord | undefined {
  return text.startsWith('{') ? parseAgentEnd(text) : parseShimEnd(text)
}

/** The shim could not get as far as the program; 11 is what it says when it could not fork. */
function shimFailed(code: number): EndRecord {
  if (code !== 11) {
    return { kind: 'not_started', errno: 'EIO', message: 'its shim could not start it, see stderr' }
  }
  const message = 'no process could be started for it: the host is out of processes or memory'
  return { kind: 'not_started', errno: 'EAGAIN', message }
}

/** `CAUSE exit N TOOK .` or `CAUSE signal N TOOK .`, then blanks; TOOK in hundredths of a second. */
function parseShimEnd(text: string): EndRecord | undefined {
  const match =
    /^(ended|timed_out|cancelled|not_started) (exit|signal) (\d+)(?: (\d+))? \.\s*$/u.exec(text)
  const [, cause, kind, number, hundredths] = match ?? []
  if (cause === undefined || number === undefined) return undefined
  if (cause === 'not_started') return shimFailed(Number(number))
  const took = hundredths === undefined ? {} : { tookMs: Number(hundredths) * 10 }
  if (cause === 'timed_out' || cause === 'cancelled') return { kind: cause, ...took }
  const exit: ProgramExit =
    kind === 'exit'
      ? { kind: 'exit', exitCode: Number(number) }
      : { kind: 'signal', signal: Number(number) }
  return { kind: 'ended', exit, ...took }
}

function parseAgentEnd(text: string): EndRecord | undefined {
  try {
    const end = JSON.parse(text) as EndRecord
    return isEndRecord(end) ? end : undefined
  } catch {
    return undefined
  }
}

/** Whole JSON may still be none of ours, once a file was damaged. */
function isEndRecord(end: EndRecord): boolean {
  switch (end.kind) {
    case 'timed_out':
    case 'cancelled':
      return true
    case 'skipped':
      return typeof end.because === 'string'
    case 'lost':
      return typeof end.evidence === 'string'
    case 'not_started':
      return typeof end.errno === 'string' && typeof end.message === 'string'
    case 'ended': {
      const { kind } = end.exit
      return Number.isInteger(kind === 'exit' ? end.exit.exitCode : end.exit.signal)
    }
    default:
      return false
  }
}

/** The text of an end that the agent records itself. */
export function endText(end: EndRecord): string {
  return `${JSON.stringify(end)}\n`
}

/** How far apart a file's times may be from what a job took before it is the clock that was set. */
const toleranceMs = 2000

/**
 * When a job started, seen from its end: where the clock was set while it ran, by the clock as it is now and by what
 * the job took, so that it neither took years nor ended before it began.
 */
export function startedBefore(end: EndRecord, { startedAtMs, endedAtMs }: JobTimes): number {
  const tookMs = 'tookMs' in end ? end.tookMs : undefined
  if (tookMs === undefined) return startedAtMs
  return Math.abs(endedAtMs - startedAtMs - tookMs) > toleranceMs ? endedAtMs - tookMs : startedAtMs
}

export interface JobTimes {
  readonly startedAtMs: number
  readonly endedAtMs: number
}

/** The state that an end comes to. */
export function stateOfEnd(end: EndRecord, times: JobTimes): JobState {
  const { startedAtMs, endedAtMs } = times
  const ended = { startedAtMs, endedAtMs: Math.max(startedAtMs, endedAtMs) }
  switch (end.kind) {
    case 'timed_out':
    case 'cancelled':
      return { kind: end.kind, ...ended }
    case 'lost':
      return { kind: 'lost', evidence: end.evidence, ...ended }
    case 'skipped':
      return { kind: 'succeeded', ...ended }
    case 'not_started':
      return failed({ kind: 'start', errno: end.errno, message: end.message }, ended)
    case 'ended': {
      const { exit } = end
      const isSuccess = exit.kind === 'exit' && exit.exitCode === 0
      return isSuccess ? { kind: 'succeeded', ...ended } : failed(exit, ended)
    }
  }
}

function failed(failure: JobFailure, times: JobTimes): JobState {
  return { kind: 'failed', failure, ...times }
}
