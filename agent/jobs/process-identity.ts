/** Processes that cannot be mistaken for others: pid, start time and boot. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessIdentity } from '../../proto/job.ts'

/** Where the kernel tells of itself. Tests put files of their own in its place. */
export interface KernelFiles {
  /** Usually `/proc`. */
  readonly procDir: string
  /** Usually `/proc/sys/kernel/random/boot_id`. */
  readonly bootIdFile: string
}

/** The running kernel's own. */
export const kernelFiles: KernelFiles = {
  procDir: '/proc',
  bootIdFile: '/proc/sys/kernel/random/boot_id',
}

/** What /proc/PID/stat says that matters here. */
export interface ProcessStat {
  readonly pid: number
  /** One letter: `R`, `S`, `Z` … */
  readonly state: string
  readonly ppid: number
  readonly session: number
  readonly startTicks: string
}

/** The id of this boot. */
export function readBootId(kernel: KernelFiles): string {
  return readFileSync(kernel.bootIdFile, 'utf8').trim()
}

/** When this boot began, by the clock of now, in milliseconds; undefined where the kernel does not say. */
export function readBootTimeMs(kernel: KernelFiles): number | undefined {
  try {
    const match = /^btime (\d+)$/mu.exec(readFileSync(join(kernel.procDir, 'stat'), 'utf8'))
    return match?.[1] === undefined ? undefined : Number(match[1]) * 1000
  } catch {
    return undefined // no such file in some containers; the evidence then lacks the time
  }
}

/** What is known of `pid` now; undefined when there is no such process. */
export function readProcessStat(kernel: KernelFiles, pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(join(kernel.procDir, String(pid), 'stat'), 'latin1'))
  } catch {
    return undefined // it has gone, which is the answer
  }
}

/** Reads the text of /proc/PID/stat; the name in it may hold anything, so it is cut at its last bracket. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const close = text.lastIndexOf(')')
  const fields = text.slice(close + 2).split(' ')
  const [state, ppid, , session] = fields
  const startTicks = fields[19]
  const pid = Number.parseInt(text, 10)
  if (close < 0 || !state || !startTicks || !Number.isInteger(pid)) return undefined
  return { pid, state, ppid: Number(ppid), session: Number(session), startTicks }
}

/** The identity of a process that is there now; undefined when there is none. */
export function identify(kernel: KernelFiles, pid: number): ProcessIdentity | undefined {
  const stat = readProcessStat(kernel, pid)
  return stat && { pid, startTicks: stat.startTicks, bootId: readBootId(kernel) }
}

/** Whether exactly this process is alive. A zombie is not, nor is another process with its pid. */
export function isAlive(kernel: KernelFiles, identity: ProcessIdentity): boolean {
  if (identity.bootId !== readBootId(kernel)) return false
  const stat = readProcessStat(kernel, identity.pid)
  if (stat?.startTicks !== identity.startTicks) return false
  return stat.state !== 'Z' && stat.state !== 'X'
}

/** Reads what the shim writes: `PID TICKS BOOT .`; undefined when it is not whole. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  const match = /^(\d+) (\d+) ([0-9a-f-]+) \.$/mu.exec(text)
  const [, pid, startTicks, bootId] = match ?? []
  if (pid === undefined || startTicks === undefined || bootId === undefined) return undefined
  return { pid: Number(pid), startTicks, bootId }
}

/** The text that {@link parseIdentity} reads. */
export function identityText({ pid, startTicks, bootId }: ProcessIdentity): string {
  return `${pid} ${startTicks} ${bootId} .\n`
}
