/** What a controller tells the command line about, beside the events of a run. */
import type { ErrorCode } from './errors.ts'
import type { Containment, JobId, JobStateKind, OutputStream, WireError } from './job.ts'
import type { RunId } from './run.ts'

/** Chooses jobs. Empty lists choose all. */
export interface JobFilter {
  readonly jobIds: readonly JobId[]
  readonly hosts: readonly string[]
  readonly runId?: RunId
  /** Kinds of {@link JobSummary} state. */
  readonly states: readonly string[]
  /** A part of the name. */
  readonly name?: string
  /** Newest first; 0: the controller's default. */
  readonly limit: number
}

/**
 * Where a job is, as far as the controller knows: `submitting` until its agent has answered, `unreachable` in place of
 * `running` while the agent is silent.
 */
export type JobSummaryState = JobStateKind | 'submitting' | 'unreachable'

/** One job, in a line. */
export interface JobSummary {
  readonly jobId: JobId
  readonly host: string
  readonly runId: RunId
  readonly name: string
  readonly state: JobSummaryState
  /** A sentence: why it failed, was skipped or lost, since when it is unreachable. */
  readonly detail?: string
  readonly createdAtMs: number
  readonly startedAtMs?: number
  readonly endedAtMs?: number
  /** The last proof that it was running, by the controller's clock. */
  readonly lastSeenMs?: number
  readonly exitCode?: number
  readonly signal?: number
  readonly stdoutBytes: number
  readonly stderrBytes: number
  readonly droppedBytes: number
  readonly containment: Containment
  /** This job's own trouble in an answer about many. */
  readonly error?: WireError
}

/** A run, in a line. */
export interface RunSummary {
  readonly runId: RunId
  readonly title: string
  readonly state: 'running' | 'ended' | 'interrupted'
  readonly startedAtMs: number
  readonly endedAtMs?: number
  readonly exitCode?: number
  /** Jobs of `async` tasks that have not ended. */
  readonly jobsOut: number
}

/** How an agent's build stands to the one that this controller would put there. `other`: the same version, built otherwise. */
export type BuildAge = 'current' | 'older' | 'newer' | 'other'

/** A host with an agent, in a line. */
export interface HostSummary {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly agentId: string
  /** `idle`: nothing to ask of it, so no connection is open. */
  readonly state: 'connected' | 'unreachable' | 'idle'
  readonly version: string
  readonly build: BuildAge
  readonly user: string
  readonly containment: string
  readonly lastSeenMs?: number
  readonly runningJobs: number
  readonly detail?: string
}

/** Bytes of a job's output. The last piece of a job has no bytes and says what was dropped. */
export interface OutputPiece {
  readonly jobId: JobId
  readonly host: string
  readonly stream: OutputStream
  readonly offset: number
  readonly data: Uint8Array
  readonly droppedBytes: number
  /** This job's output cannot be read: a sentence. */
  readonly error?: string
}

/** A step of putting an agent on a host, or of removing it. */
export interface InstallProgress {
  readonly host: string
  readonly step: 'probe' | 'files' | 'enrol' | 'start' | 'answer' | 'done' | 'failed' | 'skipped'
  readonly message: string
  readonly errorCode?: ErrorCode
}

/** A controller about itself. */
export interface ControllerStatus {
  readonly version: string
  readonly pid: number
  readonly home: string
  readonly startedAtMs: number
  readonly runningRuns: number
  readonly runningJobs: number
  readonly connectedHosts: number
}
