/** How a job's tree is held together: a cgroup of its own where one can be made, else its session and a mark. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Containment, JobId, JobUsage, ProcessIdentity } from '../../proto/job.ts'
import { present } from '../../proto/present.ts'
import type { CgroupBase } from './cgroup-base.ts'
import { isAlive, readProcessStat, type KernelFiles } from './process-identity.ts'
import { signalThroughSudo } from './sudo-signal.ts'

/** Names the tree of one job. */
export interface Tree {
  readonly jobId: JobId
  /** The job's own cgroup folder; empty: there is none. */
  readonly cgroup: string
  /** The session of its program, where its leader was seen alive; see {@link sessionLedBy}. */
  readonly session: number | undefined
  /** Words before a program that make sudo signal it, where only sudo may; see {@link signalTree}. */
  readonly sudo: readonly string[]
}

/** Makes the cgroup of one job. Empty when it cannot be made now. */
export function makeJobCgroup(base: CgroupBase | undefined, jobId: JobId): string {
  if (!base) return ''
  const dir = join(base.dir, jobId)
  try {
    mkdirSync(dir)
    return dir
  } catch {
    return '' // full, or gone: the job runs by its session
  }
}

/** Removes a job's cgroup once nothing is in it; processes that the job left behind keep it. */
export function removeJobCgroup(cgroup: string): void {
  if (cgroup === '') return
  try {
    rmdirSync(cgroup)
  } catch {
    // Still in use or gone already; the sweep comes again.
  }
}

/** How a job with this cgroup, or none, is held together. */
export function containmentOf(cgroup: string): Containment {
  return cgroup === '' ? 'session' : 'cgroup'
}

/** What the cgroup counted; undefined where it tells nothing. */
export function readUsage(cgroup: string): JobUsage | undefined {
  if (cgroup === '') return undefined
  const number = (file: string, pattern: RegExp) => {
    const value = pattern.exec(readText(join(cgroup, file)))?.[1]
    return value === undefined ? undefined : Number(value)
  }
  const cpuUs = number('cpu.stat', /^usage_usec (\d+)$/mu)
  const usage = present({
    cpuMs: cpuUs === undefined ? undefined : Math.round(cpuUs / 1000),
    peakMemoryBytes: number('memory.peak', /^(\d+)$/mu),
    peakProcesses: number('pids.peak', /^(\d+)$/mu),
    // Of any kind: the job's own limit, one above it, or the whole host.
    oomKills: number('memory.events', /^oom_kill (\d+)$/mu),
  })
  return Object.keys(usage).length === 0 ? undefined : usage
}

/** The processes of the tree that are alive now. */
function membersOf(kernel: KernelFiles, tree: Tree): readonly number[] {
  return tree.cgroup === '' ? markedMembers(kernel, tree) : cgroupMembers(tree.cgroup)
}

/** Whether anything of the tree is alive. */
export function isTreeOver(kernel: KernelFiles, tree: Tree): boolean {
  if (tree.cgroup === '') return membersOf(kernel, tree).length === 0
  return !/^populated 1$/mu.test(readText(join(tree.cgroup, 'cgroup.events')))
}

/** Sends a signal to all that is alive of the tree; what is not ours to signal gets it through sudo. */
export async function signalTree(
  kernel: KernelFiles,
  tree: Tree,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  if (signal === 'SIGKILL' && killCgroup(tree.cgroup)) return
  const denied = membersOf(kernel, tree).filter((pid) => isDenied(pid, signal))
  if (denied.length > 0 && tree.sudo.length > 0) await signalThroughSudo(tree.sudo, denied, signal)
}

/** Signals one process. One that has ended since, or that stays all the same, is seen by {@link isTreeOver}. */
function isDenied(pid: number, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  try {
    process.kill(pid, signal)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function killCgroup(cgroup: string): boolean {
  if (cgroup === '' || !existsSync(join(cgroup, 'cgroup.kill'))) return false
  try {
    writeFileSync(join(cgroup, 'cgroup.kill'), '1')
    return true
  } catch {
    return false
  }
}

function cgroupMembers(cgroup: string): readonly number[] {
  const pids: number[] = []
  for (const entry of entriesOf(cgroup, true)) {
    if (entry.isDirectory()) pids.push(...cgroupMembers(join(cgroup, entry.name)))
  }
  for (const line of readText(join(cgroup, 'cgroup.procs')).split('\n')) {
    if (line !== '' && line !== '0') pids.push(Number(line))
  }
  return pids
}

function entriesOf(dir: string, withFileTypes: true) {
  try {
    return readdirSync(dir, { withFileTypes })
  } catch {
    return []
  }
}

/** By session, by the mark in the environment, or as a child of one that is known. */
function markedMembers(kernel: KernelFiles, tree: Tree): readonly number[] {
  const members = new Set<number>()
  const mark = `ERRAND_JOB_ID=${tree.jobId}`
  for (const pid of pidsOf(kernel)) {
    const stat = readProcessStat(kernel, pid)
    if (!stat || stat.state === 'Z' || stat.state === 'X' || pid === process.pid) continue
    const isMember =
      stat.session === tree.session ||
      members.has(stat.ppid) ||
      readText(join(kernel.procDir, String(pid), 'environ'))
        .split('\0')
        .includes(mark)
    if (isMember) members.add(pid)
  }
  return [...members]
}

/**
 * The session that `main` leads. Only while `main` itself is alive: its number may be another's afterwards. Taken once
 * before a tree is ended, since a number does not pass to others while its session has members.
 */
export function sessionLedBy(
  kernel: KernelFiles,
  main: ProcessIdentity | undefined,
): number | undefined {
  if (!main || !isAlive(kernel, main)) return undefined
  const session = readProcessStat(kernel, main.pid)?.session
  return session === main.pid ? session : undefined
}

function pidsOf(kernel: KernelFiles): readonly number[] {
  const names = readdirSync(kernel.procDir).filter((name) => /^\d+$/u.test(name))
  return names.map(Number).sort((a, b) => a - b)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return '' // gone or not ours to read
  }
}
