import { open } from 'node:fs/promises'
import { isFinal, type JobReport } from '../../proto/job.ts'
import { limits } from '../../proto/limits.ts'
import type { JobFolder } from './job-folder.ts'

/** Puts an ended job's output into its report where both streams together are small enough. */
export async function withOutput(report: JobReport, folder: JobFolder): Promise<JobReport> {
  if (!isFinal(report.state)) return report
  const total = report.stdout.keptBytes + report.stderr.keptBytes
  if (total > limits.inlineOutputBytes) return report
  const stdout = await readStart(folder.stdout, report.stdout.keptBytes)
  const stderr = await readStart(folder.stderr, report.stderr.keptBytes)
  // Less than was counted: the files were taken from us; the reader then asks and is told.
  return stdout && stderr ? { ...report, inlineOutput: { stdout, stderr } } : report
}

async function readStart(file: string, bytes: number): Promise<Uint8Array | undefined> {
  if (bytes === 0) return new Uint8Array()
  try {
    const handle = await open(file, 'r')
    try {
      const buffer = Buffer.alloc(bytes)
      const { bytesRead } = await handle.read(buffer, 0, bytes, 0)
      return bytesRead === bytes ? buffer : undefined
    } finally {
      await handle.close()
    }
  } catch {
    return undefined
  }
}
