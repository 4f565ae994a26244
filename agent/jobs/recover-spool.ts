/** After a restart: every job folder is read and its job tested, before anybody is answered. */
import { readdirSync, rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isFinal, isJobId, type JobReport } from '../../proto/job.ts'
import { unlinkIfThere } from './claim.ts'
import { removeJobCgroup } from './containment.ts'
import type { EndRecord } from './end-record.ts'
import { readFinal } from './final-report.ts'
import { isShimAbout } from './find-shim.ts'
import { JobEntry } from './job-entry.ts'
import { jobFolder, type JobFolder } from './job-folder.ts'
import type { Journal } from './journal.ts'
import type { KernelFiles } from './process-identity.ts'
import { readQueued } from './queued-job.ts'
import { callOff, readFolder, readSpec, type FolderState } from './read-folder.ts'
import { writtenAtMs } from './read-text.ts'

/** Who is told what was found. */
export interface Recovered {
  readonly journal: Journal
  /** The last number in the journal before this process wrote any. */
  readonly lastSeq: number
  /** A job that waits or runs, or whose end is in the journal's past: `entry.life` says. */
  readonly found: (entry: JobEntry) => void
  /** A job that ended and of which no event was made yet. */
  readonly ended: (entry: JobEntry, end: EndRecord, isRecorded: boolean) => void
  /** A job of which nobody can say now how it is. */
  readonly unreadable: (folder: JobFolder, error: unknown) => void
}

export interface RecoverOptions {
  readonly kernel: KernelFiles
  readonly log: Logger
  readonly quotaBytes: number
  /** How long a shim on its way may take to say who it is. Default 2 s. */
  readonly patienceMs?: number
}

/** Reads the whole spool, oldest job first. */
export async function recoverSpool(
  jobsDir: string,
  options: RecoverOptions,
  sink: Recovered,
): Promise<void> {
  for (const jobId of readdirSync(jobsDir).filter(isJobId).sort()) {
    const folder = jobFolder(jobsDir, jobId)
    try {
      await recoverJob(folder, options, sink)
    } catch (err) {
      // One folder that cannot be read must not keep the others from being served.
      options.log.error({ err, jobId }, 'job folder cannot be read')
      sink.unreadable(folder, err)
    }
  }
}

/**
 * Reads one job's folder.
 *
 * @throws what the system said when it cannot be read.
 */
export async function recoverJob(
  folder: JobFolder,
  options: RecoverOptions,
  sink: Recovered,
): Promise<void> {
  const { log } = options
  const state = await settledState(folder, options)
  // What the shim needed to start may be secret, and it has started or never will.
  for (const file of [folder.launch, folder.stdin]) unlinkIfThere(file)
  const entry = new JobEntry(folder, readSpec(folder), options.quotaBytes)
  switch (state.kind) {
    case 'never_started':
      // Nobody was told that it had started, so the same submit may come again and then starts it.
      log.info({ jobId: folder.jobId }, 'claim without a start dropped')
      rmSync(folder.dir, { recursive: true, force: true })
      return removeJobCgroup(entry.spec.cgroup)
    case 'starting':
      entry.isDoubtful = true
      return sink.found(entry)
    case 'queued': {
      const job = readQueued(folder)
      const evidence = 'it was never started: the record of what it was to do is damaged'
      if (!job) return sink.ended(entry, { kind: 'lost', evidence }, false)
      entry.life = { kind: 'queued', job, isStarting: false }
      return sink.found(entry)
    }
    case 'running':
      entry.life = {
        kind: 'running',
        main: state.main,
        startedAtMs: writtenAtMs(folder.process) ?? entry.spec.claimedAtMs,
        isOrphan: state.isOrphan,
      }
      return sink.found(entry)
    case 'ended': {
      const told = toldEnd(folder, sink)
      if (!told) return sink.ended(entry, state.end, state.isRecorded)
      entry.end(told.report, told.seq)
      return sink.found(entry)
    }
  }
}

/** Waits for a shim that is just starting; calls off what no shim has claimed. */
async function settledState(folder: JobFolder, options: RecoverOptions): Promise<FolderState> {
  const { kernel, patienceMs = 2000 } = options
  const deadline = performance.now() + patienceMs
  for (;;) {
    const state = readFolder(folder, kernel)
    if (state.kind === 'never_started' && callOff(folder)) return state
    // A shim that its agent had started before it died may not have said so yet.
    const isOnItsWay = state.kind === 'queued' && isShimAbout(kernel, folder)
    const isOpen = isOnItsWay || state.kind === 'starting' || state.kind === 'never_started'
    if (!isOpen) return state
    if (performance.now() > deadline) {
      // It is there, or could not be called off, and it cannot be read: nothing may be concluded.
      if (state.kind === 'never_started') throw new Error(`${folder.shim} cannot be read`)
      return isOnItsWay ? { kind: 'starting' } : state
    }
    await wait(10)
  }
}

/** The report of the end that the journal has, or had before it was acknowledged. */
function toldEnd(
  folder: JobFolder,
  { journal, lastSeq }: Recovered,
): { readonly report: JobReport; readonly seq: number } | undefined {
  if (journal.isNew) return undefined
  const { jobId } = folder
  const event = journal.waiting.find(
    ({ report }) => report.jobId === jobId && isFinal(report.state),
  )
  if (event) return event
  const final = readFinal(folder)
  // A number past the journal's last is of an event that never came into the file: it is told again.
  return final?.journalId === journal.id && final.seq <= lastSeq ? final : undefined
}
