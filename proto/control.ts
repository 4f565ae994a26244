/** What a controller tells the command line about, beside the events of a run. */
import type { ErrorCode } from './errors.ts'
import type { Containment, JobId, JobUsage, OutputStream, WireError } from './job.ts'
import type { JobStage } from './job-life.ts'
import type { RunId, RunRequest } from './run.ts'

/** Chooses jobs. Empty lists choose all. */
export interface JobFilter {
  readonly jobIds: readonly JobId[]
  readonly hosts: readonly string[]
  readonly runId?: RunId
  /** Kinds of {@link JobSummary} state. */
  readonly states: readonly string[]
  /** A host pattern, as plays have them, over the hosts that have jobs or, where given, those of `groups`. */
  readonly pattern?: string
  readonly groups?: GroupSource
  /** A glob over the whole name of the task. */
  readonly task?: string
  /** `name` or `name=text`; all of them. Default: any. */
  readonly labels?: readonly string[]
  /** Going on at this time, or begun since. */
  readonly sinceMs?: number
  /** Asked for before this time. */
  readonly beforeMs?: number
  /** Newest first; 0: the controller's default. */
  readonly limit: number
}

/** An inventory that has the groups of a host pattern. */
export type GroupSource = Pick<RunRequest, 'cwd' | 'environment' | 'inventories'>

/**
 * Where a job is, as far as the controller knows: a {@link JobStage}, or `unreachable` in place of `running` while the
 * agent is silent.
 */
export type JobSummaryState = JobStage | 'unreachable'

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
  readonly usage?: JobUsage
  readonly labels: Readonly<Record<string, string>>
  /** What its output says of itself, while it runs. */
  readonly progress?: { readonly percent: number; readonly text: string }
  /** While it runs: how long it will go on. */
  readonly left?: TimeLeft
  /** At most one job with this lock at a time is on its host. */
  readonly lock?: string
  /** While it is queued: the job that has its lock. */
  readonly holder?: JobHolder
  /** While it waits for its host: when it is given up, by the controller's clock. */
  readonly expiresAtMs?: number
  /** This job's own trouble in an answer about many. */
  readonly error?: WireError
}

/** The job that others wait for. */
export interface JobHolder {
  readonly jobId: JobId
  readonly runId: RunId
  readonly name: string
}

/**
 * An estimate. `progress`: from the percent that the job prints. `earlier`: from how long earlier jobs of the same task
 * took on its host.
 */
interface TimeLeft {
  readonly ms: number
  readonly from: 'progress' | 'earlier'
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

/** Bytes of a job's output. What was dropped is said by a piece without bytes. */
export interface OutputPiece {
  readonly jobId: JobId
  readonly host: string
  readonly stream: OutputStream
  readonly offset: number
  readonly data: Uint8Array
  readonly droppedBytes: number
  /** This job's output cannot be read: a sentence. */
  readonly error?: string
  /** The last piece of this job; it has no bytes. */
  readonly isEnd: boolean
}

/** How far the output of a job was read. */
export interface JobOffset {
  readonly jobId: JobId
  readonly stdout: number
  readonly stderr: number
  /** All of it was read, and what was dropped is known. */
  readonly isComplete: boolean
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
