/** What is kept of a job's spec: no environment, no arguments, no password, since those may be secret. */
import type { JobId, JobSpec, JobWork } from '../../proto/job.ts'

export interface StoredSpec {
  readonly format: 1
  readonly jobId: JobId
  readonly name: string
  /** `inline`: an operation inside the agent's own process. */
  readonly kind: 'program' | 'inline'
  readonly user: string
  readonly timeLimitMs: number
  readonly graceMs: number
  /** The job's own cgroup folder, or empty. */
  readonly cgroup: string
  /** The uploaded file that goes when the job ends, or empty. */
  readonly uploadId: string
  readonly claimedAtMs: number
  /** At most one job with it at a time runs here; empty: none. */
  readonly lock: string
}

/** The part of `spec` that is written down. */
export function storedSpec(
  spec: JobSpec,
  more: Pick<StoredSpec, 'kind' | 'cgroup' | 'claimedAtMs'>,
): StoredSpec {
  const { jobId, name, timeLimitMs, graceMs, runAs, work, lock = '' } = spec
  const uploadId = uploadIdOf(work) ?? ''
  const { user } = runAs
  return { format: 1, jobId, name, user, timeLimitMs, graceMs, uploadId, lock, ...more }
}

/** The uploaded file that a job brings with it: its program, or what an operation puts somewhere. */
export function uploadIdOf(work: JobWork): string | undefined {
  if (work.kind === 'command') return work.uploadId
  const upload = /"_upload":"([\w.-]+)"/u.exec(work.argsJson)?.[1]
  return upload
}

/** Reads a spec file; what cannot be read is made up for, since the other files still tell the job's life. */
export function parseStoredSpec(jobId: JobId, text: string): StoredSpec {
  const unknown: StoredSpec = {
    format: 1,
    jobId,
    name: '',
    kind: 'program',
    user: '',
    timeLimitMs: 0,
    graceMs: 0,
    cgroup: '',
    uploadId: '',
    claimedAtMs: Number(jobId.slice(1, 14)),
    lock: '',
  }
  try {
    const stored = JSON.parse(text) as Readonly<Record<string, unknown>>
    const usable = Object.entries(unknown).map(([name, value]) => {
      const found = stored[name]
      return [name, typeof found === typeof value ? found : value]
    })
    const spec = Object.fromEntries(usable) as unknown as StoredSpec
    return { ...spec, jobId, kind: spec.kind === 'inline' ? 'inline' : 'program' }
  } catch {
    return unknown
  }
}
