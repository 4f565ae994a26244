/** The control service's messages and ours: the border where generated types end. What comes in is checked here. */
import type {
  BuildAge,
  ControllerStatus,
  GroupSource,
  HostSummary,
  InstallProgress,
  JobFilter,
  JobSummary,
  JobSummaryState,
  OutputPiece,
  RunSummary,
} from './control.ts'
import { ErrandError, errorCodeFrom } from './errors.ts'
import { eventBodyText } from './event-body.ts'
import type { Host as WireHost, Host__Output } from './gen/errand/control/v1/Host.ts'
import type {
  InstallEvent as WireInstallEvent,
  InstallEvent__Output,
} from './gen/errand/control/v1/InstallEvent.ts'
import type { Job as WireJob, Job__Output } from './gen/errand/control/v1/Job.ts'
import type {
  JobFilter as WireFilter,
  JobFilter__Output,
} from './gen/errand/control/v1/JobFilter.ts'
import type { Output as WireOutput, Output__Output } from './gen/errand/control/v1/Output.ts'
import type { Run as WireRun, Run__Output } from './gen/errand/control/v1/Run.ts'
import type { RunEvent as WireEvent, RunEvent__Output } from './gen/errand/control/v1/RunEvent.ts'
import type { StatusReply__Output } from './gen/errand/control/v1/StatusReply.ts'
import { usageFromWire } from './job-codec.ts'
import { jobStages } from './job-life.ts'
import type { WireError } from './job.ts'
import { present } from './present.ts'
import type { RunEvent } from './run.ts'
import { eventBodyFromJson, plainObject } from './control-json.ts'

/** An event as a message. */
export function eventToWire({ seq, atMs, body }: RunEvent): WireEvent {
  return { seq, atMs, bodyJson: eventBodyText(body) }
}

/** An event out of a message. */
export function eventFromWire({ seq, atMs, bodyJson }: RunEvent__Output): RunEvent {
  return { seq, atMs, body: eventBodyFromJson(bodyJson) }
}

/** A filter as a message. */
export function filterToWire({ groups, labels = [], ...filter }: JobFilter): WireFilter {
  return {
    ...filter,
    jobIds: [...filter.jobIds],
    hosts: [...filter.hosts],
    states: [...filter.states],
    labels: [...labels],
    ...(groups === undefined ? {} : { groupsJson: JSON.stringify(groups) }),
  }
}

/** A filter out of a message; none at all chooses every job. */
export function filterFromWire(wire: JobFilter__Output | null): JobFilter {
  if (!wire) return { jobIds: [], hosts: [], states: [], limit: 0 }
  const { runId, pattern, groupsJson, task, sinceMs, beforeMs } = wire
  const groups =
    groupsJson === undefined
      ? undefined
      : (plainObject(groupsJson, 'source of groups') as GroupSource)
  return {
    jobIds: wire.jobIds,
    hosts: wire.hosts,
    states: wire.states.map((state) => oneOf(state, jobStates, 'state of a job')),
    limit: wire.limit,
    labels: wire.labels,
    ...present({ runId, pattern, groups, task, sinceMs, beforeMs }),
  }
}

/** A job as a message. */
export function jobToWire({ error, progress, left, ...job }: JobSummary): WireJob {
  return {
    ...job,
    ...(error ? { error: `${error.code} ${error.message}` } : {}),
    ...(progress ? { percent: progress.percent, progressText: progress.text } : {}),
    ...(left ? { leftMs: left.ms, leftFrom: left.from } : {}),
  }
}

/** A job out of a message. */
export function jobFromWire(wire: Job__Output): JobSummary {
  const { detail, startedAtMs, endedAtMs, lastSeenMs, exitCode, signal, lock, expiresAtMs } = wire
  return {
    jobId: wire.jobId,
    host: wire.host,
    runId: wire.runId,
    name: wire.name,
    state: oneOf<JobSummaryState>(wire.state, jobStates, 'state of a job'),
    createdAtMs: wire.createdAtMs,
    stdoutBytes: wire.stdoutBytes,
    stderrBytes: wire.stderrBytes,
    droppedBytes: wire.droppedBytes,
    containment: oneOf(wire.containment, ['cgroup', 'session', 'none'], 'containment'),
    labels: { ...wire.labels },
    ...present({ detail, startedAtMs, endedAtMs, lastSeenMs, exitCode, signal, lock, expiresAtMs }),
    ...(wire.holder ? { holder: wire.holder } : {}),
    ...(wire.usage ? { usage: usageFromWire(wire.usage) } : {}),
    ...outlookFromWire(wire),
    ...(wire.error === undefined ? {} : { error: wireError(wire.error) }),
  }
}

function outlookFromWire({
  percent,
  progressText,
  leftMs,
  leftFrom = '',
}: Job__Output): Pick<JobSummary, 'progress' | 'left'> {
  return {
    ...(percent === undefined ? {} : { progress: { percent, text: progressText ?? '' } }),
    ...(leftMs === undefined
      ? {}
      : { left: { ms: leftMs, from: oneOf(leftFrom, ['progress', 'earlier'], 'estimate') } }),
  }
}

/** A run as a message. */
export function runToWire(run: RunSummary): WireRun {
  return run
}

/** A run out of a message. */
export function runFromWire(wire: Run__Output): RunSummary {
  const { endedAtMs, exitCode } = wire
  return {
    runId: wire.runId,
    title: wire.title,
    state: oneOf(wire.state, ['running', 'ended', 'interrupted'], 'state of a run'),
    startedAtMs: wire.startedAtMs,
    jobsOut: wire.jobsOut,
    ...present({ endedAtMs, exitCode }),
  }
}

/** A host as a message. */
export function hostToWire(host: HostSummary): WireHost {
  return host
}

/** A host out of a message. */
export function hostFromWire(wire: Host__Output): HostSummary {
  const { lastSeenMs, detail } = wire
  return {
    name: wire.name,
    address: wire.address,
    port: wire.port,
    agentId: wire.agentId,
    state: oneOf(wire.state, ['connected', 'unreachable', 'idle'], 'state of a host'),
    version: wire.version,
    user: wire.user,
    containment: wire.containment,
    runningJobs: wire.runningJobs,
    build: oneOf<BuildAge>(wire.build, ['current', 'older', 'newer', 'other'], 'build'),
    ...present({ lastSeenMs, detail }),
  }
}

/** Output as a message. */
export function outputToWire(piece: OutputPiece): WireOutput {
  return piece
}

/** Output out of a message. */
export function outputFromWire(wire: Output__Output): OutputPiece {
  const { error } = wire
  return {
    jobId: wire.jobId,
    host: wire.host,
    stream: oneOf(wire.stream, ['stdout', 'stderr'], 'stream'),
    offset: wire.offset,
    data: wire.data,
    droppedBytes: wire.droppedBytes,
    isEnd: wire.isEnd,
    ...present({ error }),
  }
}

/** A step of installing as a message. */
export function installToWire(progress: InstallProgress): WireInstallEvent {
  return progress
}

/** A step of installing out of a message. */
export function installFromWire(wire: InstallEvent__Output): InstallProgress {
  return {
    host: wire.host,
    step: oneOf(wire.step, installSteps, 'step'),
    message: wire.message,
    ...(wire.errorCode === undefined ? {} : { errorCode: errorCodeFrom(wire.errorCode) }),
  }
}

/** What a controller says of itself, out of a message. */
export function statusFromWire(wire: StatusReply__Output): ControllerStatus {
  return { ...wire }
}

const jobStates: readonly JobSummaryState[] = [...jobStages, 'unreachable']

const installSteps = [
  'probe',
  'files',
  'enrol',
  'start',
  'answer',
  'done',
  'failed',
  'skipped',
] as const satisfies readonly InstallProgress['step'][]

function wireError(text: string): WireError {
  const [code = '', ...words] = text.split(' ')
  return { code: errorCodeFrom(code), message: words.join(' ') }
}

function oneOf<Word extends string>(text: string, words: readonly Word[], what: string): Word {
  const found = words.find((word) => word === text)
  if (found !== undefined) return found
  throw new ErrandError(
    'invalid',
    `unknown ${what}: ${JSON.stringify(text)}; the versions may differ`,
  )
}
