/** Taking a job's folder, and giving it back when nothing came of it. */
import { mkdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { JobId, JobReport } from '../../proto/job.ts'
import { removeJobCgroup } from './containment.ts'
import type { JobEntry } from './job-entry.ts'
import { syncPath, writeWhole } from './write-file.ts'

/** Makes the folder, which is the claim, and lays down what the shim expects in it. */
export function layDown({ folder, spec }: JobEntry): void {
  mkdirSync(folder.dir, { mode: 0o700 })
  writeFileSync(folder.spec, JSON.stringify(spec), { mode: 0o600 })
  writeFileSync(folder.endDraft, ' '.repeat(64), { mode: 0o600 })
  for (const file of [folder.stdout, folder.stderr]) writeFileSync(file, '', { mode: 0o600 })
}

/** Removes everything of a job. */
export function removeFolder({ folder, spec }: JobEntry): void {
  rmSync(folder.dir, { recursive: true, force: true })
  removeJobCgroup(spec.cgroup)
}

/** What a claim that failed is to the one who asked. */
export function claimError(cause: unknown, jobId: JobId): ErrandError {
  if (cause instanceof ErrandError) return cause
  const { code } = cause as NodeJS.ErrnoException
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EMFILE' || code === 'EAGAIN'
  const message = `job ${jobId} could not be started, its folder cannot be written: ${sentenceOf(cause)}`
  return new ErrandError(isFull || code === 'EROFS' ? 'exhausted' : 'internal', message, { cause })
}

export interface TidyOptions {
  readonly endedDir: string
  readonly dropUpload: (uploadId: string) => void
  readonly log: Logger
}

/** After the end: the report for later, what is needed no more goes, and all of it comes to the disk. */
export function tidyEnded(
  { folder, spec }: JobEntry,
  report: JobReport,
  options: TidyOptions,
): void {
  try {
    writeWhole(folder.final, JSON.stringify(report))
    for (const file of [join(options.endedDir, folder.jobId), folder.stdin, folder.launch])
      unlinkIfThere(file)
    if (spec.uploadId !== '') options.dropUpload(spec.uploadId)
    removeJobCgroup(spec.cgroup)
  } catch (err) {
    options.log.warn({ err, jobId: folder.jobId }, 'ended job not tidied')
  }
  const files = [folder.stdout, folder.stderr, folder.end, folder.dir]
  if (spec.kind !== 'inline') void Promise.allSettled(files.map(syncPath))
}

/** Removes a file that may be gone already. */
export function unlinkIfThere(file: string): void {
  try {
    unlinkSync(file)
  } catch {
    // It was not there.
  }
}
