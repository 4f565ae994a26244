/** How a job ended, as it stands in its `end` file. */
import type { JobFailure, JobState } from '../../proto/job.ts'

/** What the file says. The shim knows exits, signals and whether it was the time limit; the agent the rest. */
export type EndRecord =
  | { readonly kind: 'ended'; readonly exit: ProgramExit }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'skipped'; readonly because: string }
  | { readonly kind: 'not_started'; readonly errno: string; readonly message: string }
  | { readonly kind: 'lost'; readonly evidence: string }

type ProgramExit =
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'signal'; readonly signal: number }

/** Reads an `end` file; undefined when it is torn or not one. */
export function parseEnd(text: string): EndRecord | undefined {
  return text.startsWith('{') ? parseAgentEnd(text) : parseShimEnd(text)
}

/** `CAUSE exit N .` or `CAUSE signal N .`, then blanks. */
function parseShimEnd(text: string): EndRecord | undefined {
  const match = /^(ended|timed_out|cancelled) (exit|signal) (\d+) \.\s*$/u.exec(text)
  const [, cause, kind, number] = match ?? []
  if (cause === undefined || number === undefined) return undefined
  if (cause === 'timed_out' || cause === 'cancelled') return { kind: cause }
  const exit: ProgramExit =
    kind === 'exit'
      ? { kind: 'exit', exitCode: Number(number) }
      : { kind: 'signal', signal: Number(number) }
  return { kind: 'ended', exit }
}

function parseAgentEnd(text: string): EndRecord | undefined {
  try {
    return JSON.parse(text) as EndRecord // our own writing, whole or no JSON
  } catch {
    return undefined
  }
}

/** The text of an end that the agent records itself. */
export function endText(end: EndRecord): string {
  return `${JSON.stringify(end)}\n`
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
