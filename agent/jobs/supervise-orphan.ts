import { setTimeout as wait } from 'node:timers/promises'
import type { ProcessIdentity } from '../../proto/job.ts'
import type { EndRecord } from './end-record.ts'
import { endTree } from './end-tree.ts'
import type { JobEntry } from './job-entry.ts'
import { markTimedOut } from './time-limit.ts'
import { isAlive, type KernelFiles } from './process-identity.ts'
import type { JobFolder } from './job-folder.ts'
import { isShimAbout } from './find-shim.ts'
import { processAgeMs } from './process-age.ts'
import { readEnd } from './read-folder.ts'
import { exists } from './read-text.ts'

/** Where only the record of the shim was damaged, the shim itself is there and records the end in a moment. */
async function lateRecord(
  folder: JobFolder,
  { kernel, stepMs, signal }: Required<Omit<OrphanOptions, 'ageMs'>>,
): Promise<EndRecord | undefined> {
  for (let looks = 0; looks < 50 && isShimAbout(kernel, folder); looks += 1) {
    if (readEnd(folder)) break
    await wait(Math.min(stepMs, 100), undefined, { signal })
  }
  return readEnd(folder)
}

export interface OrphanOptions {
  readonly kernel: KernelFiles
  /** Between two looks. Default 200 ms. */
  readonly stepMs?: number
  /** How long ago the program started, whatever the clock says. */
  readonly ageMs?: (main: ProcessIdentity) => number
  readonly signal: AbortSignal
}

/**
 * Stands in for a shim that has gone while its program runs: keeps the time limit, waits for the end. Nobody can know
 * the exit code then, so that the end is `lost`, unless it was us who ended it.
 */
export async function superviseOrphan(entry: JobEntry, options: OrphanOptions): Promise<EndRecord> {
  const { kernel, stepMs = 200, ageMs = (main) => processAgeMs(kernel, main), signal } = options
  const { folder, spec, life } = entry
  if (life.kind !== 'running') throw new Error('only a running job can be an orphan')
  const limitMs = spec.timeLimitMs > 0 ? spec.timeLimitMs : Infinity
  let lastSeenMs = Date.now()
  while (isAlive(kernel, life.main)) {
    lastSeenMs = Date.now()
    if (
      ageMs(life.main) >= limitMs &&
      !exists(folder.timedOut) &&
      !exists(folder.cancel) &&
      !entry.wish
    ) {
      markTimedOut(entry)
      await endTree(entry.tree(kernel), { kernel, graceMs: spec.graceMs, signal })
    }
    await wait(stepMs, undefined, { signal })
  }
  const recorded = await lateRecord(folder, { kernel, stepMs, signal })
  if (recorded) return recorded
  if (entry.wish) return { kind: entry.wish }
  if (exists(folder.timedOut)) return { kind: 'timed_out' }
  if (exists(folder.cancel)) return { kind: 'cancelled' }
  const seen = new Date(lastSeenMs).toISOString()
  return {
    kind: 'lost',
    evidence: `shim gone, no end recorded; its program was last seen at ${seen}`,
  }
}
