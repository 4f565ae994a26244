/** Jobs on the wire and in ours: the border where generated types end. What comes in is checked here. */
import { ErrandError } from './errors.ts'
import type { JobSpec as WireSpec, JobSpec__Output } from './gen/errand/agent/v1/JobSpec.ts'
import type { JobReport as WireReport, JobReport__Output } from './gen/errand/agent/v1/JobReport.ts'
import type { JobEvent as WireEvent, JobEvent__Output } from './gen/errand/agent/v1/JobEvent.ts'
import type { JobUsage__Output } from './gen/errand/agent/v1/JobUsage.ts'
import type { RunAs as WireRunAs, RunAs__Output } from './gen/errand/agent/v1/RunAs.ts'
import {
  isJobId,
  isLockName,
  type Containment,
  type JobEvent,
  type JobFailure,
  type JobReport,
  type JobSpec,
  type JobState,
  type JobUsage,
  type JobWork,
  type OutputCount,
  type RunAs,
} from './job.ts'
import { present } from './present.ts'

/** A spec as a message. */
export function specToWire(spec: JobSpec): WireSpec {
  const { work, runAs, environment, ...rest } = spec
  const common = { ...rest, runAs: runAsToWire(runAs), environment: { ...environment } } as WireSpec
  if (work.kind === 'operation') {
    return { ...common, operation: { operation: work.operation, argsJson: work.argsJson } }
  }
  const { kind: _kind, argv, ...options } = work
  return { ...common, command: { ...options, argv: [...argv] } }
}

/**
 * A spec out of a message.
 *
 * @throws {ErrandError} `invalid` when it is none: a bad id, no work, an empty argument list.
 */
export function specFromWire(wire: JobSpec__Output): JobSpec {
  if (!isJobId(wire.jobId)) throw new ErrandError('invalid', `not a job id: ${quoted(wire.jobId)}`)
  return {
    jobId: wire.jobId,
    name: wire.name,
    work: workFromWire(wire),
    runAs: runAsFromWire(wire.runAs),
    ...(wire.cwd === undefined ? {} : { cwd: wire.cwd }),
    environment: { ...wire.environment },
    ...(wire.stdin === undefined ? {} : { stdin: wire.stdin }),
    timeLimitMs: wire.timeLimitMs,
    graceMs: wire.graceMs,
    ...(wire.lock === undefined ? {} : { lock: lockFromWire(wire.lock) }),
  }
}

function lockFromWire(text: string): string {
  if (isLockName(text)) return text
  throw new ErrandError('invalid', `not a name of a lock: ${quoted(text)}`)
}

function workFromWire({ jobId, command, operation }: JobSpec__Output): JobWork {
  if (operation) {
    return { kind: 'operation', operation: operation.operation, argsJson: operation.argsJson }
  }
  if (!command) throw new ErrandError('invalid', `job ${jobId} says neither command nor operation`)
  if (command.argv.length === 0 && command.uploadId === undefined) {
    throw new ErrandError('invalid', `job ${jobId} has an empty argument list`)
  }
  return {
    kind: 'command',
    argv: command.argv,
    checkOnly: command.checkOnly,
    ...(command.creates === undefined ? {} : { creates: command.creates }),
    ...(command.removes === undefined ? {} : { removes: command.removes }),
    ...(command.uploadId === undefined ? {} : { uploadId: command.uploadId }),
  }
}

/** Whose rights, as a message. */
export function runAsToWire(runAs: RunAs): WireRunAs {
  return { ...runAs }
}

/** Whose rights, out of a message; nothing said: the agent's own. */
export function runAsFromWire(wire: RunAs__Output | null): RunAs {
  if (!wire) return { user: '', method: 'none' }
  return {
    user: wire.user,
    method: runAsMethod(wire.method),
    ...(wire.password === undefined ? {} : { password: wire.password }),
    ...(wire.flags === undefined ? {} : { flags: wire.flags }),
  }
}

function runAsMethod(text: string): RunAs['method'] {
  if (text === 'sudo' || text === 'su' || text === 'none') return text
  if (text === '') return 'none'
  throw new ErrandError(
    'invalid',
    `unknown become method ${quoted(text)}, expected sudo, su or none`,
  )
}

/** A report as a message. */
export function reportToWire(report: JobReport): WireReport {
  const { state, inlineOutput, ...rest } = report
  return {
    ...rest,
    ...stateToWire(state),
    ...(inlineOutput ? { inlineOutput: outputToWire(inlineOutput) } : {}),
  }
}

function outputToWire(output: { readonly stdout: Uint8Array; readonly stderr: Uint8Array }) {
  return { stdout: Buffer.from(output.stdout), stderr: Buffer.from(output.stderr) }
}

function stateToWire(state: JobState): WireReport {
  if (state.kind === 'queued') {
    return { state: state.kind, lock: state.lock, queuedAtMs: state.queuedAtMs }
  }
  if (state.kind === 'running') {
    return { state: state.kind, startedAtMs: state.startedAtMs, process: { ...state.process } }
  }
  const ended = {
    state: state.kind,
    startedAtMs: state.startedAtMs,
    endedAtMs: state.endedAtMs,
  }
  if (state.kind === 'lost') return { ...ended, evidence: state.evidence }
  return state.kind === 'failed' ? { ...ended, ...failureToWire(state.failure) } : ended
}

function failureToWire(failure: JobFailure): WireReport {
  switch (failure.kind) {
    case 'exit':
      return { exitCode: failure.exitCode }
    case 'signal':
      return { signal: failure.signal }
    case 'start':
      return { start: { errno: failure.errno, message: failure.message } }
  }
}

/**
 * A report out of a message.
 *
 * @throws {ErrandError} `invalid` for a state that this version does not know.
 */
export function reportFromWire(wire: JobReport__Output): JobReport {
  return {
    jobId: wire.jobId,
    name: wire.name,
    state: stateFromWire(wire),
    stdout: countFromWire(wire.stdout),
    stderr: countFromWire(wire.stderr),
    containment: containmentFrom(wire.containment),
    ...(wire.skippedBecause === undefined ? {} : { skippedBecause: wire.skippedBecause }),
    ...(wire.inlineOutput ? { inlineOutput: wire.inlineOutput } : {}),
    ...(wire.usage ? { usage: usageFromWire(wire.usage) } : {}),
  }
}

function stateFromWire(wire: JobReport__Output): JobState {
  const { state: kind, startedAtMs, endedAtMs } = wire
  switch (kind) {
    case 'queued':
      return { kind, lock: wire.lock ?? '', queuedAtMs: wire.queuedAtMs }
    case 'running':
      if (!wire.process)
        throw new ErrandError('invalid', `job ${wire.jobId} runs without a process`)
      return { kind, startedAtMs, process: wire.process }
    case 'succeeded':
    case 'timed_out':
    case 'cancelled':
      return { kind, startedAtMs, endedAtMs }
    case 'lost':
      return { kind, startedAtMs, endedAtMs, evidence: wire.evidence ?? '' }
    case 'failed':
      return { kind, startedAtMs, endedAtMs, failure: failureFromWire(wire) }
    default:
      throw new ErrandError('invalid', `job ${wire.jobId} has the unknown state ${quoted(kind)}`)
  }
}

function failureFromWire({ exitCode, signal, start, jobId }: JobReport__Output): JobFailure {
  if (exitCode !== undefined) return { kind: 'exit', exitCode }
  if (signal !== undefined) return { kind: 'signal', signal }
  if (start) return { kind: 'start', errno: start.errno, message: start.message }
  throw new ErrandError('invalid', `job ${jobId} failed without saying how`)
}

/** What a cgroup counted, out of a message. */
export function usageFromWire(wire: JobUsage__Output): JobUsage {
  const { cpuMs, peakMemoryBytes, peakProcesses, oomKills } = wire
  return present({ cpuMs, peakMemoryBytes, peakProcesses, oomKills })
}

function countFromWire(wire: OutputCount | null): OutputCount {
  return { keptBytes: wire?.keptBytes ?? 0, droppedBytes: wire?.droppedBytes ?? 0 }
}

function containmentFrom(text: string): Containment {
  return text === 'cgroup' || text === 'session' ? text : 'none'
}

/** A numbered event as a message. */
export function eventToWire(event: JobEvent): WireEvent {
  return { seq: event.seq, atMs: event.atMs, report: reportToWire(event.report) }
}

/** A numbered event out of a message. */
export function eventFromWire(wire: JobEvent__Output): JobEvent {
  if (!wire.report) throw new ErrandError('invalid', `event ${wire.seq} has no report`)
  return { seq: wire.seq, atMs: wire.atMs, report: reportFromWire(wire.report) }
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80))
}
