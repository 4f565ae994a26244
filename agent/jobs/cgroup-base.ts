/** The place below which each job gets a cgroup of its own. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyInto, openJobScope } from './job-scope.ts'
import type { KernelFiles } from './process-identity.ts'

/** Where the cgroups of this agent's jobs are made. */
export interface CgroupBase {
  readonly dir: string
  /** The cgroup that the shims move to: beside the jobs', so that killing a job spares its shim. */
  readonly shimsDir: string
}

export interface CgroupSearch {
  readonly kernel: KernelFiles
  /** Part of the cgroup's name: hosts may share one cgroup file system. */
  readonly agentId: string
  /** Under systemd jobs belong in a scope beside the unit, else below the unit's own cgroup (Delegate=yes). */
  readonly isUnit: boolean
}

/** Makes the place for the jobs' cgroups. Undefined where no cgroup v2 can be written. */
export function openCgroupBase(search: CgroupSearch): CgroupBase | undefined {
  const { parents, scope } = cgroupParents(search)
  for (const parent of parents) {
    const dir = join(parent, `errand-${search.agentId}`)
    const shimsDir = join(dir, 'shims')
    if (canHoldProcesses(dir, shimsDir)) {
      if (parent === scope) emptyInto(parent, shimsDir)
      countWhatCanBeCounted([parent, dir])
      return { dir, shimsDir }
    }
  }
  return undefined
}

interface CgroupParents {
  /** The best first. */
  readonly parents: readonly string[]
  /** The one of them that is a scope for the jobs alone. */
  readonly scope?: string
}

function cgroupParents({ kernel, isUnit, agentId }: CgroupSearch): CgroupParents {
  const mount = findCgroupMount(readText(join(kernel.procDir, 'self/mountinfo')))
  if (mount === undefined) return { parents: [] }
  const own = /^0::(\/.*)$/mu.exec(readText(join(kernel.procDir, 'self/cgroup')))?.[1] ?? '/'
  const ownDir = join(mount, withoutLeaf(own))
  if (!isUnit) return { parents: [mount, ownDir] }
  const scope = openJobScope({ unitDir: ownDir, agentId })
  return scope === undefined ? { parents: [ownDir] } : { parents: [scope, ownDir], scope }
}

/** An agent that a job of ours started (an upgrade, a test) must not nest its cgroups in that job's. */
function withoutLeaf(path: string): string {
  return path.replace(/\/errand-[^/]+\/.*$/u, '') || '/'
}

/** Where cgroup v2 is mounted, from the text of mountinfo. */
export function findCgroupMount(mountinfo: string): string | undefined {
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ')
    if (after?.startsWith('cgroup2 ')) return before?.split(' ')[4]
  }
  return undefined
}

/** Tries it: a child that cannot be moved into is no use. The probe is an empty write, which moves nobody. */
function canHoldProcesses(dir: string, shimsDir: string): boolean {
  try {
    mkdirSync(shimsDir, { recursive: true })
    if (!existsSync(join(shimsDir, 'cgroup.procs'))) return false
    const child = join(dir, `probe-${process.pid}`)
    mkdirSync(child)
    try {
      moveHereAndBack(child)
    } finally {
      rmdirSync(child)
    }
    return true
  } catch {
    return false // read-only, not ours, or of another kind: the caller does without
  }
}

/** Moves this very process in and out again: the only proof that the kernel allows it. */
function moveHereAndBack(child: string): void {
  const own = /^0::(\/.*)$/mu.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]
  const mount = findCgroupMount(readFileSync('/proc/self/mountinfo', 'utf8'))
  if (own === undefined || mount === undefined) throw new Error('no cgroup of our own')
  writeFileSync(join(child, 'cgroup.procs'), '0')
  writeFileSync(join(mount, own, 'cgroup.procs'), '0')
}

/** A controller counts in a cgroup when the one above hands it down, which the one above that must have done. */
function countWhatCanBeCounted(dirs: readonly string[]): void {
  for (const dir of dirs) {
    for (const controller of ['+memory', '+pids']) {
      try {
        writeFileSync(join(dir, 'cgroup.subtree_control'), controller)
      } catch {
        // Not offered here: the job's usage then lacks it.
      }
    }
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return '' // gone or not ours to read
  }
}
