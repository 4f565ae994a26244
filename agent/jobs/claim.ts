/** Taking a job's folder, and giving it back when nothing came of it. */
import { mkdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'
import { ErrandError } from '../../proto/errors.ts'
import { cannotWrite } from './cannot-write.ts'
import type { CgroupBase } from './cgroup-base.ts'
import { makeJobCgroup, removeJobCgroup } from './containment.ts'
import type { JobEntry } from './job-entry.ts'
import type { JobFolder } from './job-folder.ts'
import { writeFinal, type FinalReport } from './final-report.ts'
import { exists } from './read-text.ts'
import { syncPath, writeWhole } from './write-file.ts'

/** Bytes of the end that is laid down in advance. */
const reserveBytes = 512

/**
 * Makes the folder, which is the claim. What is there already is not ours to take back.
 *
 * @throws {ErrandError}
 */
export function makeFolder({ folder, spec }: JobEntry): void {
  try {
    mkdirSync(folder.dir, { mode: 0o700 })
  } catch (cause) {
    removeJobCgroup(spec.cgroup)
    throw claimError(cause, folder)
  }
}

/** Lays down in the folder what the shim expects in it. */
export function layDown({ folder, spec }: JobEntry): void {
  writeFileSync(folder.spec, JSON.stringify(spec), { mode: 0o600 })
  // What must be written later whatever becomes of the disk is written over what is laid down now.
  writeFileSync(folder.endDraft, ' '.repeat(reserveBytes), { mode: 0o600 })
  writeFileSync(folder.process, ' '.repeat(64), { mode: 0o600 })
  for (const file of [folder.stdout, folder.stderr, folder.shimLog, folder.how])
    writeFileSync(file, '', { mode: 0o600 })
}

/** A cgroup for a job that waited: the one of its claim may have gone with the host's last boot. */
export function renewCgroup(entry: JobEntry, cgroups: CgroupBase | undefined): void {
  const { folder, spec } = entry
  if (spec.cgroup !== '' && exists(spec.cgroup)) return
  entry.spec = { ...spec, cgroup: makeJobCgroup(cgroups, folder.jobId) }
  writeWhole(folder.spec, JSON.stringify(entry.spec))
}

/** Removes everything of a job. */
export function removeFolder({ folder, spec }: JobEntry): void {
  rmSync(folder.dir, { recursive: true, force: true })
  removeJobCgroup(spec.cgroup)
}

/** What a claim that failed is to the one who asked: nothing was started. */
export function claimError(cause: unknown, { dir }: Pick<JobFolder, 'dir'>): ErrandError {
  if (cause instanceof ErrandError) return cause
  const { code, message } = cannotWrite(dirname(dir), cause)
  return new ErrandError(code, `nothing was started: ${message}`, { cause })
}

export interface TidyOptions {
  readonly endedDir: string
  readonly dropUpload: (uploadId: string) => void
  readonly log: Logger
}

/** After the end: the report for later, what is needed no more goes, and all of it comes to the disk. */
export function tidyEnded(
  { folder, spec }: JobEntry,
  final: FinalReport,
  options: TidyOptions,
): void {
  try {
    const { stdin, launch, queued } = folder
    for (const file of [join(options.endedDir, folder.jobId), stdin, launch, queued])
      unlinkIfThere(file)
    if (spec.uploadId !== '') options.dropUpload(spec.uploadId)
    removeJobCgroup(spec.cgroup)
    writeFinal(folder, final) // last: a full disk may refuse it, and then it is told again after a restart
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
