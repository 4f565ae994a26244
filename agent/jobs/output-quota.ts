/** Keeps a job's output within bounds: what goes past them is dropped and counted, and the job goes on. */
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import type { OutputCount, OutputStream } from '../../proto/job.ts'
import type { JobFolder } from './job-folder.ts'

/** Bytes dropped so far, by stream. */
type Dropped = Readonly<Record<OutputStream, number>>

/** What a job has in excess is cut off; programs append, so that they go on at the cut. */
export function enforceQuota(folder: JobFolder, quotaBytes: number): void {
  let dropped: Dropped | undefined
  for (const stream of ['stdout', 'stderr'] as const) {
    const excess = sizeOf(folder[stream]) - quotaBytes
    if (excess <= 0) continue
    dropped ??= readDropped(folder)
    truncateSync(folder[stream], quotaBytes)
    dropped = { ...dropped, [stream]: dropped[stream] + excess }
  }
  if (dropped) writeFileSync(folder.dropped, JSON.stringify(dropped), { mode: 0o600 })
}

/** What of a stream is kept, and what is not, at this moment. */
export function countOutput(
  folder: JobFolder,
  stream: OutputStream,
  quotaBytes: number,
): OutputCount {
  const bytes = sizeOf(folder[stream])
  const keptBytes = Math.min(bytes, quotaBytes)
  const before = bytes >= quotaBytes ? readDropped(folder)[stream] : 0
  return { keptBytes, droppedBytes: before + bytes - keptBytes }
}

function readDropped(folder: JobFolder): Dropped {
  try {
    return JSON.parse(readFileSync(folder.dropped, 'utf8')) as Dropped
  } catch {
    return { stdout: 0, stderr: 0 } // nothing was dropped yet
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}
