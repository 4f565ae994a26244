/** One job's folder in the spool: the whole truth about it. Names here are a format on disk. */
import { join } from 'node:path'
import type { JobId } from '../../proto/job.ts'

/** The paths of one job. */
export interface JobFolder {
  readonly jobId: JobId
  readonly dir: string
  /** What was asked, without secrets. */
  readonly spec: string
  readonly stdin: string
  readonly stdout: string
  readonly stderr: string
  /** What a job that waits for its turn needs to start. Gone as soon as it has. */
  readonly queued: string
  /** What starts the shim: variables and arguments. Gone as soon as it has. */
  readonly launch: string
  /** The identity of the shim. Who writes it first decides whether the job starts. */
  readonly shim: string
  /** The identity of the program. */
  readonly process: string
  /** There once somebody asked to cancel; holds the grace in milliseconds. */
  readonly cancel: string
  /** The words before a program that make sudo signal the job, where only sudo may. */
  readonly sudo: string
  /** There once the shim saw the time limit pass. */
  readonly timedOut: string
  /** Blanks that become the end. */
  readonly endDraft: string
  /** How it ended; written last. */
  readonly end: string
  /** The report that the journal has of the end. */
  readonly final: string
  /** How much output was dropped, and where it was cut off. */
  readonly dropped: string
  readonly shimLog: string
  /** What the shim's shell said of how the program ended. */
  readonly how: string
}

/** Where everything of a job lies. `jobId` must have the form of one. */
export function jobFolder(jobsDir: string, jobId: JobId): JobFolder {
  const dir = join(jobsDir, jobId)
  return {
    jobId,
    dir,
    spec: join(dir, 'spec'),
    stdin: join(dir, 'stdin'),
    stdout: join(dir, 'stdout'),
    stderr: join(dir, 'stderr'),
    queued: join(dir, 'queued'),
    launch: join(dir, 'launch'),
    shim: join(dir, 'shim'),
    process: join(dir, 'process'),
    cancel: join(dir, 'cancel'),
    sudo: join(dir, 'sudo'),
    timedOut: join(dir, 'timed_out'),
    endDraft: join(dir, 'end.tmp'),
    end: join(dir, 'end'),
    final: join(dir, 'final'),
    dropped: join(dir, 'dropped'),
    shimLog: join(dir, 'shim.log'),
    how: join(dir, 'how'),
  }
}
