/**
 * The record: runs and their events, jobs, hosts. An interface with one embedded default (SQLite); another database
 * can stand beside it. Whatever is answered has been written: a method resolves after the transaction.
 */
import type { JobEvent, JobId, JobReport, ProgressStyle } from '../../proto/job.ts'
import type { RunEvent, RunEventBody, RunId, RunRequest } from '../../proto/run.ts'

export interface Store extends AsyncDisposable {
  readonly runs: RunStore
  readonly jobs: JobStore
  readonly hosts: HostStore
  readonly retention: RetentionStore
}

export interface RunRow {
  readonly runId: RunId
  /** Without its secrets. */
  readonly request: RunRequest
  readonly state: 'running' | 'ended' | 'interrupted'
  readonly startedAtMs: number
  readonly endedAtMs: number | undefined
  readonly exitCode: number | undefined
}

/** What a run has got done at one place of it; `value` is JSON, or empty. */
export interface Checkpoint {
  readonly position: string
  readonly value: string
}

/** An event that has no number yet. */
export interface NewEvent {
  readonly atMs: number
  readonly body: RunEventBody
  readonly checkpoint?: Checkpoint | undefined
}

export interface RunStore {
  create(run: RunRow): Promise<void>
  /** Gives the event its number, from 1 without gaps; the checkpoint is written with it or not at all. */
  append(runId: RunId, event: NewEvent): Promise<RunEvent>
  /** A checkpoint without an event. */
  checkpoint(runId: RunId, checkpoint: Checkpoint): Promise<void>
  /** What the next controller needs to go on with a run. */
  takeUp(runId: RunId): Promise<TakenUp>
  /** Events with a number above `afterSeq`, in order, in pages. */
  events(runId: RunId, afterSeq: number): AsyncIterable<RunEvent>
  end(
    runId: RunId,
    end: {
      readonly state: 'ended' | 'interrupted'
      readonly endedAtMs: number
      readonly exitCode: number
    },
  ): Promise<void>
  find(runId: RunId): Promise<RunRow | undefined>
  /** Newest first. */
  list(query: RunQuery): Promise<readonly RunRow[]>
}

/** A run as its controller left it when it died. */
export interface TakenUp {
  readonly lastSeq: number
  /** Values by position. */
  readonly checkpoints: ReadonlyMap<string, string>
  /** The jobs that were to be started, by position. */
  readonly jobs: ReadonlyMap<string, JobId>
}

export interface RunQuery {
  readonly limit: number
  readonly state?: RunRow['state']
  /** Several states; all when it is empty. */
  readonly states?: readonly string[]
  /** Begun at this time or later. */
  readonly fromMs?: number
  /** Begun before this time. */
  readonly beforeMs?: number
  /** What the id begins with. */
  readonly idPrefix?: string
}

export interface JobRow {
  readonly jobId: JobId
  readonly host: string
  readonly agentId: string
  readonly runId: RunId
  readonly taskId: string
  readonly name: string
  readonly isAsync: boolean
  readonly createdAtMs: number
  /** undefined: recorded, and no word of the agent yet. */
  readonly report: JobReport | undefined
  /** When an agent last proved that it runs, by the controller's clock. */
  readonly lastSeenMs: number | undefined
  /** async_status mode=cleanup was asked for: its files on the host are gone. Output that came with its report is kept. */
  readonly isForgotten: boolean
  /** Default: none. */
  readonly labels?: Readonly<Record<string, string>>
  /** Equal for jobs of the same task, whatever run they are of; empty (the default) when nobody compares it. */
  readonly sameTask?: string
  /** What it prints is text for people, and its task has no `no_log`. Default false. */
  readonly hasOutput?: boolean
  /** How its progress is written in its output. Default `lines`. */
  readonly progress?: ProgressStyle
  /** Where in its run it was started (see Checkpoints). */
  readonly position?: string
  /** At most one job with it at a time is on its host; empty (the default): none. */
  readonly lock?: string
  /** Set while it waits for its host, and has not been sent: when it is given up. It has no agent yet then. */
  readonly expiresAtMs?: number | undefined
}

export interface JobQuery {
  readonly jobIds?: readonly JobId[]
  readonly hosts?: readonly string[]
  readonly runId?: RunId
  /** Of proto/job-life.ts. */
  readonly states?: readonly string[]
  /** A glob over the whole name: `*`, `?`, `[a-z]`. */
  readonly task?: string
  /** Each must be there, with this text where one is said. */
  readonly labels?: readonly LabelQuery[]
  /** Those that were going on at this time or have begun since, by the controller's clock. */
  readonly sinceMs?: number
  /** Those asked for before this time. */
  readonly beforeMs?: number
  /** Only those that `async` asked for. */
  readonly isAsync?: boolean
  /** Only those that `async` asked for, and of the others those that have not ended. */
  readonly isListed?: boolean
  /** Only those that print for people. */
  readonly hasOutput?: boolean
  /** Only those of this agent. */
  readonly agentId?: string
  /** Only those with this lock. */
  readonly lock?: string
  /** Newest first; default 1000. Without a limit, a job that has not ended is never left out. */
  readonly limit?: number
}

export interface LabelQuery {
  readonly name: string
  readonly text?: string
}

export interface JobStore {
  /** Recorded before it is sent. Repeating it for the same id changes nothing. */
  create(job: JobRow): Promise<void>
  /** A job that waited is to be sent now, as `job` says; false when it does not wait any more. */
  deliver(job: JobRow): Promise<boolean>
  /** The end of a job that waits; of one that was sent meanwhile nothing is changed. */
  endWait(report: JobReport, atMs: number): Promise<void>
  /**
   * What an agent answered, or what has to be concluded. Resolves with the report that stands: an end is never
   * replaced, so it may be another one (see proto/job-life.ts). Of a job that the record does not know nothing is kept.
   */
  report(jobId: JobId, report: JobReport, seenAtMs: number): Promise<JobReport>
  /**
   * Writes an agent's event and its number in one transaction; one that is not above the last number changes nothing.
   * Resolves with the report that stands.
   */
  applyEvent(agentId: string, event: JobEvent, seenAtMs: number): Promise<JobReport>
  forget(jobId: JobId): Promise<void>
  /**
   * A run that was broken off leaves what it waited for behind: from now on its open jobs are like those that `async`
   * asked for.
   */
  leave(runId: RunId): Promise<void>
  find(jobId: JobId): Promise<JobRow | undefined>
  /** Newest first, each without the output that came with its report: {@link JobStore.find} has that. */
  list(query: JobQuery): Promise<readonly JobRow[]>
  /** Milliseconds that the last `limit` successful jobs of the same task took on a host, newest first. */
  durations(task: {
    readonly host: string
    readonly sameTask: string
    readonly limit: number
  }): Promise<readonly number[]>
  /** Names of the hosts that jobs are of. */
  hostNames(): Promise<readonly string[]>
  /** How many jobs that `async` asked for have not ended, by run; a run without any is not in it. */
  openCounts(): Promise<ReadonlyMap<RunId, number>>
}

export interface HostRow {
  readonly name: string
  readonly address: string
  readonly agentPort: number
  readonly agentId: string
  /** The journal that `lastSeq` counts in. */
  readonly journalId: string
  readonly lastSeq: number
  readonly agentUser: string
  readonly isRoot: boolean
  readonly version: string
  readonly containment: string
  readonly bundleHash: string
  readonly installedAtMs: number
  readonly lastSeenMs: number | undefined
  /** How it is reached over SSH, without passwords: JSON text of who wrote it. Empty: not known. */
  readonly way: string
}

export interface HostStore {
  /** Inserts or replaces by name. */
  save(host: HostRow): Promise<void>
  /** Changes some of what is known, and leaves the rest as it is by then; nothing when there is no such host. */
  update(name: string, change: Partial<Omit<HostRow, 'name'>>): Promise<void>
  find(name: string): Promise<HostRow | undefined>
  list(): Promise<readonly HostRow[]>
  remove(name: string): Promise<void>
}

/** What may be forgotten. A run that goes on, or that has a job which has not ended, never is. */
export interface RetentionStore {
  /** Runs past the limits, newest first. */
  past(limits: RetentionLimits): Promise<readonly RunRow[]>
  /** Removes a run with its events and jobs; says whether it did: not when it may not be forgotten. */
  remove(runId: RunId): Promise<boolean>
  /** Removes ended jobs older than this that belong to no run of the record. */
  removeLooseJobs(beforeMs: number): Promise<void>
  /** Gives free space back to the disk, a piece at a time; how many bytes. Stops early when `signal` aborts. */
  giveBack(options: { readonly signal: AbortSignal }): Promise<number>
}

export interface RetentionLimits {
  /** Past: ended before this time. */
  readonly beforeMs: number | undefined
  /** Past: not among this many newest. */
  readonly keep: number | undefined
}
