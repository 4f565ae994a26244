/** Where jobs come to their end: recorded on the disk, told in the journal, and tidied up after. */
import { existsSync } from 'node:fs'
import type { Logger } from 'pino'
import type { JobReport } from '../../proto/job.ts'
import { tidyEnded } from './claim.ts'
import { endText, type EndRecord } from './end-record.ts'
import type { JobEntry } from './job-entry.ts'
import { endedReport } from './job-report.ts'
import type { Journal } from './journal.ts'
import type { OutputRoom } from './output-room.ts'
import { readEnd } from './read-folder.ts'
import { writeOver } from './write-file.ts'

export interface JobEndsOptions {
  readonly journal: Journal
  readonly endedDir: string
  readonly dropUpload: (uploadId: string) => void
  readonly room: OutputRoom
  readonly log: Logger
}

/** Records ends, each once. */
export class JobEnds {
  readonly #options: JobEndsOptions

  constructor(options: JobEndsOptions) {
    this.#options = options
  }

  /** The one place where a job comes to its end. */
  record(entry: JobEntry, end: EndRecord, { isRecorded = false } = {}): void {
    if (entry.isOver) return
    const { folder } = entry
    // An end that is on the disk already stands, as it would after a restart.
    const standing = isRecorded ? end : readEnd(folder)
    if (!standing) this.#write(entry, end)
    this.cutOutput(entry)
    this.#options.room.lookAt(entry)
    const report = endedReport(entry, asWished(entry, standing ?? end))
    this.tell(entry, report)
    this.#options.log.info({ jobId: folder.jobId, state: report.state.kind }, 'job ended')
  }

  /** Tells an end; told again, it gets a new number. */
  tell(entry: JobEntry, report: JobReport): void {
    const { journal } = this.#options
    const { seq } = journal.append(report)
    entry.end(report, seq)
    tidyEnded(entry, { journalId: journal.id, seq, report }, this.#options)
  }

  /** Writes an end that the disk did not take when it came. */
  writeLate(entry: JobEntry): void {
    if (entry.unwrittenEnd) this.#write(entry, entry.unwrittenEnd)
  }

  /** Keeps output within its quota. */
  cutOutput({ folder, output }: JobEntry): void {
    try {
      output.cut()
    } catch (err) {
      this.#options.log.warn({ err, jobId: folder.jobId }, 'output of job not cut off')
    }
  }

  #write(entry: JobEntry, end: EndRecord): void {
    const { folder } = entry
    try {
      writeOver(folder.end, { draft: folder.endDraft, text: endText(end) })
      entry.unwrittenEnd = undefined
    } catch (err) {
      if (!entry.unwrittenEnd)
        this.#options.log.warn({ err, jobId: folder.jobId }, 'end of job not written')
      entry.unwrittenEnd = existsSync(folder.dir) ? end : undefined
    }
  }
}

/** The disk did not take down why it was ended: the shim could not know it. */
function asWished(entry: JobEntry, end: EndRecord): EndRecord {
  return entry.wish && end.kind === 'ended' ? { kind: entry.wish } : end
}
