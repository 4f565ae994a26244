import { randomInt } from 'node:crypto'
import type { ErrorCode } from './errors.ts'
import { isOpen } from './job-life.ts'

/** `j`, 13 digits of milliseconds, a dot, 12 random digits. Sorts by time; made by the controller alone. */
export type JobId = string

const jobIdPattern = /^j\d{13}\.\d{12}$/u

/** A new job id for a job that is asked for at `nowMs` (since the Unix epoch). */
export function newJobId(nowMs: number): JobId {
  const random = `${randomInt(1e6)}`.padStart(6, '0') + `${randomInt(1e6)}`.padStart(6, '0')
  return `j${String(nowMs).padStart(13, '0')}.${random}`
}

/** Whether `text` has the form of a job id, so that it may safely be a file name. */
export function isJobId(text: string): boolean {
  return jobIdPattern.test(text)
}

/** What a controller asks an agent to do: one program, or one operation of the agent's own, on its host. */
export interface JobSpec {
  readonly jobId: JobId
  /** For people: the task's name or the command. Never parsed. */
  readonly name: string
  readonly work: JobWork
  readonly runAs: RunAs
  /** Working directory. Default: the home of the user that the job runs as. */
  readonly cwd?: string
  /** Added to the user's login environment. */
  readonly environment: Readonly<Record<string, string>>
  /** What the program reads from standard input; an empty one when absent. */
  readonly stdin?: Uint8Array
  /** The time limit. 0: none. */
  readonly timeLimitMs: number
  /**
   * At most one job with this name at a time is on its host: the others wait there, first come, first served. Its time
   * limit counts from its start. See {@link isLockName}.
   */
  readonly lock?: string
  /** Between the polite signal (TERM) and KILL, on timeout and cancel. */
  readonly graceMs: number
}

export type JobWork =
  | {
      readonly kind: 'command'
      /** argv[0] is looked up on the PATH of the job. */
      readonly argv: readonly string[]
      /** A path or glob: when it exists the job ends at once, with `skippedBecause`. */
      readonly creates?: string
      /** A path or glob: when it does not exist the job ends at once, with `skippedBecause`. */
      readonly removes?: string
      /** Look at creates and removes, and start nothing. */
      readonly checkOnly: boolean
      /** An uploaded file that becomes argv[0], executable by the job's user and gone when the job ends. */
      readonly uploadId?: string
    }
  | {
      readonly kind: 'operation'
      /** One of the agent's own operations: `file`, `copy`, `stat`, `setup` … Its result is JSON on stdout. */
      readonly operation: string
      /** JSON text of the arguments. */
      readonly argsJson: string
    }

/** Whose rights a job has. */
export interface RunAs {
  /** The account. Empty: the agent's own. */
  readonly user: string
  /** How an agent without root rights gets there. Ignored by an agent that is root: it needs no method. */
  readonly method: 'none' | 'sudo' | 'su'
  /** Given to the method on its standard input. Never in an argument list, a log or a file. */
  readonly password?: string
  /** Extra words for the method (become_flags). */
  readonly flags?: string
}

/** A process beyond doubt: a bare pid may be someone else's by now. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks after boot, field 22 of /proc/PID/stat. */
  readonly startTicks: string
  /** /proc/sys/kernel/random/boot_id at its start. */
  readonly bootId: string
}

/**
 * Where a job is in its life, as its agent knows it. Times are milliseconds since the Unix epoch, UTC, by the
 * host's clock. `running` is only said of a process that was seen alive.
 */
export type JobState =
  /** It waits for another job of its host that has the same lock. */
  | { readonly kind: 'queued'; readonly lock: string; readonly queuedAtMs: number }
  | { readonly kind: 'running'; readonly process: ProcessIdentity; readonly startedAtMs: number }
  | ({ readonly kind: 'succeeded' } & Ended)
  | ({ readonly kind: 'failed'; readonly failure: JobFailure } & Ended)
  | ({ readonly kind: 'timed_out' } & Ended)
  | ({ readonly kind: 'cancelled' } & Ended)
  | ({
      readonly kind: 'lost'
      /** A sentence with the evidence: `host rebooted at …`, `shim gone, no end recorded`. */
      readonly evidence: string
    } & Ended)
  /** Never sent: its host was away for too long. Said by the controller, by its clock; began when the wait did. */
  | ({ readonly kind: 'expired' } & Ended)

/** The end of a job. */
export type JobEnd = Exclude<JobState, { readonly kind: 'queued' | 'running' }>

interface Ended {
  readonly startedAtMs: number
  readonly endedAtMs: number
}

/** How a program failed. */
export type JobFailure =
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'signal'; readonly signal: number }
  /** It never started: errno-like name (`ENOENT`, `EACCES`) and a sentence. */
  | { readonly kind: 'start'; readonly errno: string; readonly message: string }

/** Bytes of one stream. Complete when the job has ended and this many were read. */
export interface OutputCount {
  /** Bytes kept, from offset 0. */
  readonly keptBytes: number
  /** Bytes written after those, for which a quota or the disk had no room, and dropped. */
  readonly droppedBytes: number
}

export type OutputStream = 'stdout' | 'stderr'

/** All that an agent says of one job. */
export interface JobReport {
  readonly jobId: JobId
  readonly name: string
  readonly state: JobState
  readonly stdout: OutputCount
  readonly stderr: OutputCount
  /** Set when creates or removes kept it from starting: the sentence Ansible says. */
  readonly skippedBecause?: string
  /** `cgroup`, or `session`: how its tree is held together. */
  readonly containment: Containment
  /** Ended jobs with little output carry it here, so that no second call is needed. */
  readonly inlineOutput?: { readonly stdout: Uint8Array; readonly stderr: Uint8Array }
  readonly usage?: JobUsage
}

/** What a job's cgroup counted; what it did not count is absent. */
export interface JobUsage {
  readonly cpuMs?: number
  readonly peakMemoryBytes?: number
  /** The most at once. */
  readonly peakProcesses?: number
  /** Processes of the job that the kernel ended since there was no memory left. */
  readonly oomKills?: number
}

export type Containment = 'cgroup' | 'session' | 'none'

/** A numbered entry of an agent's journal, kept until the controller acknowledges it. Numbers start at 1, without gaps. */
export interface JobEvent {
  readonly seq: number
  readonly atMs: number
  readonly report: JobReport
}

/** How a job writes its progress. `lines`: `errand: progress 40% text`. `percent`: any line that ends in `40%`. */
export type ProgressStyle = 'lines' | 'percent'

/** Of which job, and how its progress is written. */
export interface ProgressQuestion {
  readonly jobId: JobId
  readonly style: ProgressStyle
}

/** The last word of a job about its progress. */
export interface JobProgress {
  readonly jobId: JobId
  readonly percent: number
  readonly text: string
  /** From the start of the job to that word. */
  readonly elapsedMs: number
  /** From that word to now. */
  readonly ageMs: number
}

/** An error that an agent answers a request with. */
export interface WireError {
  readonly code: ErrorCode
  readonly message: string
}

/** True once a job cannot change any more. */
export function isFinal(state: JobState): state is JobEnd {
  return !isOpen(state.kind)
}

/** What {@link isLockName} lets pass, for a sentence. */
export const lockNameRule = 'a name of 1 to 100 letters, digits and _ . / : @ -'

/** Whether a lock may have this name. */
export function isLockName(text: string): boolean {
  return /^[\w./:@-]{1,100}$/u.test(text)
}
