/** Jobs that have ended: which of them go, and what is remembered of those that went. */
import { truncateSync } from 'node:fs'
import type { Logger } from 'pino'
import type { JobId, JobReport, JobState } from '../../proto/job.ts'
import { removeFolder } from './claim.ts'
import { ClockWatch } from './clock-watch.ts'
import { Forgotten } from './forgotten.ts'
import type { JobEntry } from './job-entry.ts'
import { forgottenReport } from './job-report.ts'
import type { Journal } from './journal.ts'
import { outlivedJobs, type Retention } from './retention.ts'

export interface PastJobsOptions {
  /** The ids of jobs that went. */
  readonly file: string
  readonly retention: Retention
  readonly journal: Journal
  readonly log: Logger
}

/** Lets ended jobs go, never before the controller has acknowledged their end, and never their ids. */
export class PastJobs implements Disposable {
  readonly #options: PastJobsOptions
  readonly #forgotten: Forgotten
  readonly #clock = new ClockWatch()

  constructor(options: PastJobsOptions) {
    this.#options = options
    this.#forgotten = new Forgotten(options)
  }

  /** What is left to say of a job that went; undefined for one that never was here. */
  find(jobId: JobId): JobReport | undefined {
    const state = this.#forgotten.find(jobId)
    return state && forgottenReport(jobId, state)
  }

  /**
   * Lets one go. Its id is remembered before its folder goes.
   *
   * @throws what the system said when the id cannot be written down: the folder stays then.
   */
  drop(entries: Map<JobId, JobEntry>, entry: JobEntry, state: JobState): void {
    const { jobId } = entry.folder
    this.#remember(entry, state)
    entries.delete(jobId)
    removeFolder(entry)
  }

  /** Remembers one that never came, so that it starts nothing when it comes late. */
  callOff(jobId: JobId): void {
    const nowMs = Date.now()
    const evidence = 'it had not reached the host when it was called off'
    const state: JobState = { kind: 'lost', evidence, startedAtMs: nowMs, endedAtMs: nowMs }
    try {
      this.#forgotten.add(jobId, state)
      this.#forgotten.sync()
    } catch (err) {
      // A submit that is still on its way dies with this process, and its memory has the id.
      this.#forgotten.keep(jobId, state)
      this.#options.log.warn({ err, jobId }, 'called off job not written down')
    }
  }

  /**
   * Lets those go that are past the limits, oldest first, and as many more as hold the output that others need.
   *
   * @returns Bytes of output that went.
   */
  dropOutlived(entries: Map<JobId, JobEntry>, neededBytes = 0): number {
    const { retention, journal, log } = this.#options
    const nowMs = Date.now()
    const isTrusted = this.#clock.isTrusted({ wallMs: nowMs, steadyMs: performance.now() })
    const oldestMs = isTrusted ? retention.oldestMs : Infinity
    const isAcknowledged = (seq: number) => journal.isAcknowledged(seq)
    const view = { retention: { ...retention, oldestMs }, nowMs, neededBytes, isAcknowledged }
    let bytes = 0
    for (const entry of outlivedJobs(entries.values(), view)) {
      try {
        if (entry.life.kind !== 'ended') continue
        this.drop(entries, entry, entry.life.report.state)
        bytes += entry.output.bytes
      } catch (err) {
        log.warn({ err, jobId: entry.folder.jobId }, 'old job not dropped')
      }
    }
    return bytes
  }

  /** A full disk first gets back the space of the output that goes with the job. */
  #remember({ folder }: JobEntry, state: JobState): void {
    try {
      this.#forgotten.add(folder.jobId, state)
    } catch {
      for (const file of [folder.stdout, folder.stderr]) truncateSync(file)
      this.#forgotten.add(folder.jobId, state)
    }
  }

  [Symbol.dispose](): void {
    this.#forgotten[Symbol.dispose]()
  }
}
