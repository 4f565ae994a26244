/** What a job needs to start later, as its folder keeps it until it has. */
import type { JobSpec } from '../../proto/job.ts'
import type { JobFolder } from './job-folder.ts'
import { readText } from './read-text.ts'
import { writeWhole } from './write-file.ts'

/** A job that waits for its turn. */
export interface QueuedJob {
  /** Who came first has the lower one. */
  readonly number: number
  readonly queuedAtMs: number
  readonly spec: JobSpec
  /** It needs a password, which is in no file, and the agent that knew it has gone. */
  readonly isPasswordLost: boolean
}

/** Keeps it, for its own user's eyes and without the become password. */
export function writeQueued({ queued }: JobFolder, job: QueuedJob): void {
  const { password, ...runAs } = job.spec.runAs
  const { stdin, ...rest } = job.spec
  const spec = {
    ...rest,
    runAs,
    ...(stdin ? { stdin: Buffer.from(stdin).toString('base64') } : {}),
  }
  const isPasswordLost = password !== undefined
  writeWhole(queued, JSON.stringify({ ...job, spec, isPasswordLost }))
}

/** Reads it; undefined when it is damaged. */
export function readQueued({ queued, jobId }: JobFolder): QueuedJob | undefined {
  try {
    const job = JSON.parse(readText(queued) ?? '') as QueuedJob & { spec: { stdin?: string } }
    const { stdin, ...spec } = job.spec
    if (spec.jobId !== jobId || !Number.isInteger(job.number)) return undefined
    return {
      ...job,
      spec: { ...spec, ...(stdin === undefined ? {} : { stdin: Buffer.from(stdin, 'base64') }) },
    }
  } catch {
    return undefined
  }
}
