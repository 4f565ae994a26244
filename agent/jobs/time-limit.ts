/** The time limit of a job, where its shim does not keep it. */
import { writeFileSync } from 'node:fs'
import type { JobEntry } from './job-entry.ts'
import { processAgeMs } from './process-age.ts'
import type { KernelFiles } from './process-identity.ts'

/** How much later than the shim the agent steps in. */
const patienceMs = 10_000

/** Whether a running job is so far past its limit that its shim cannot have kept it: there was no process left for it. */
export function isOverdue(kernel: KernelFiles, { life, spec }: JobEntry): boolean {
  if (life.kind !== 'running' || spec.timeLimitMs <= 0 || spec.kind === 'inline') return false
  return processAgeMs(kernel, life.main) > spec.timeLimitMs + spec.graceMs + patienceMs
}

/** Leaves word for whoever records the end. */
export function markTimedOut(entry: JobEntry): void {
  try {
    writeFileSync(entry.folder.timedOut, '', { mode: 0o600 })
  } catch {
    entry.wish = 'timed_out' // a full disk: we remember it ourselves
  }
}
