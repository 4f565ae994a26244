/** The report of a job's end as the journal has it, kept in the job's folder after the journal has let it go. */
import { isFinal, type JobReport } from '../../proto/job.ts'
import type { JobFolder } from './job-folder.ts'
import { readText } from './read-text.ts'
import { writeWhole } from './write-file.ts'

export interface FinalReport {
  /** In which journal it was told, and under which number. */
  readonly journalId: string
  readonly seq: number
  readonly report: JobReport
}

/** Writes it, whole or not at all. */
export function writeFinal(folder: JobFolder, final: FinalReport): void {
  writeWhole(folder.final, JSON.stringify(final))
}

/** Reads it; undefined when there is none that is whole and of this job. It is told again then. */
export function readFinal(folder: JobFolder): FinalReport | undefined {
  try {
    const final = JSON.parse(readText(folder.final) ?? '') as FinalReport
    const { report, seq, journalId } = final
    const isOurs = report.jobId === folder.jobId && isFinal(report.state)
    return isOurs && Number.isInteger(seq) && typeof journalId === 'string' ? final : undefined
  } catch {
    return undefined
  }
}
