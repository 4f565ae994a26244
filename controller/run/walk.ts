import type { Block, RoleUse, Task, TaskNode } from '../playbook/playbook.ts'
import { plainName } from '../modules/registry.ts'
import type { Frame } from './frame.ts'
import type { HostRun } from './host-run.ts'
import { isTagged } from './is-tagged.ts'
import { runMeta } from './meta.ts'
import type { PlayRun } from './play-run.ts'
import { isStart } from './start-at.ts'
import { isWanted } from './step.ts'
import { runTask } from './task.ts'

/** Runs tasks, blocks and roles in order on the hosts of the frame that still take part. */
export async function runNodes(
  play: PlayRun,
  nodes: readonly TaskNode[],
  frame: Frame,
): Promise<void> {
  for (const node of nodes) {
    if (play.isBroken || !frame.hosts.some((host) => host.isActive)) return
    await runNode(play, node, frame)
  }
}

async function runNode(play: PlayRun, node: TaskNode, frame: Frame): Promise<void> {
  switch (node.kind) {
    case 'block':
      return await runBlock(play, node, frame)
    case 'role':
      return await runRole(play, node, frame)
    case 'task':
      return await runChosenTask(play, node, frame)
  }
}

async function runChosenTask(play: PlayRun, task: Task, around: Frame): Promise<void> {
  const { context } = play
  const frame = withoutRepeated(play, task, around)
  const host = frame.hosts.find((one) => one.isActive)
  if (!host) return
  // Handlers run whatever their tags.
  if (!frame.isHandler && !isTagged(play, task, { host, locals: frame.locals })) return
  if (context.isSeekingStart && !frame.isHandler && frame.isBeforeAll !== true) {
    if (!isStart(context, task)) return
    context.isSeekingStart = false
  }
  if (plainName(task.module) === 'meta') await runMeta(play, task, frame)
  else if (await isWanted(play, task, frame)) await runTask(play, task, frame)
  else if (frame.isHandler) play.postponed.push({ handler: task, hosts: frame.hosts })
}

/** Leaves out the hosts on which the task's role has run already with these parameters. */
function withoutRepeated(play: PlayRun, task: Task, frame: Frame): Frame {
  const { role } = task
  if (frame.isHandler || !role || role.allowDuplicates) return frame
  const isNew = (host: HostRun) => !play.roleRuns.isComplete(role, host.name)
  return frame.hosts.every(isNew) ? frame : { ...frame, hosts: frame.hosts.filter(isNew) }
}

/** The block; for hosts that failed in it the rescue; for all of them always. */
async function runBlock(play: PlayRun, block: Block, frame: Frame): Promise<void> {
  const hosts = frame.hosts.filter((host) => host.isActive)
  const hasRescue = block.rescue.length > 0
  const { depth = 0, isRescuingInside = false } = frame
  const isAlwaysToCome = frame.isAlwaysToCome === true || block.always.length > 0
  const isAlwaysNext = block.always.length > 0
  const inside = { ...frame, hosts, isAlwaysToCome, isAlwaysNext, depth: depth + 1 }
  await runNodes(play, block.block, {
    ...inside,
    isRescuing: frame.isRescuing || hasRescue,
    isRescuingInside: depth > 0 && (isRescuingInside || hasRescue),
  })
  if (hasRescue) await rescue(play, block, inside)
  if (isAlwaysNext) await always(play, block, { ...frame, hosts, depth: depth + 1 })
}

/** Who failed and is taken back here. */
function failedHosts({ hosts, depth = 0 }: Frame): readonly HostRun[] {
  return hosts.filter((host) => host.status === 'failed' && (!host.hasFailedInFlush || depth <= 1))
}

async function rescue(play: PlayRun, block: Block, frame: Frame): Promise<void> {
  const failed = failedHosts(frame)
  if (failed.length === 0) return
  for (const host of failed) {
    host.status = 'active'
    host.hasFailedInFlush = false
    if (!host.failure) {
      host.isRemoved = true
      continue
    }
    host.vars.set.set('ansible_failed_task', host.failure.task)
    host.vars.set.set('ansible_failed_result', host.failure.result)
  }
  play.refreshFacts()
  await runNodes(play, block.rescue, { ...frame, hosts: failed })
}

/** Runs on hosts that failed too; they stay failed. */
async function always(play: PlayRun, block: Block, around: Frame): Promise<void> {
  const frame = { ...around, isAlwaysNext: false }
  const failed = failedHosts(frame)
  const hosts = frame.hosts.filter((host) => host.isActive || failed.includes(host))
  for (const host of failed) host.status = 'active'
  await runNodes(play, block.always, { ...frame, hosts })
  for (const host of failed) if (host.isActive) host.status = 'failed'
  play.refreshFacts()
}

/** A role's dependencies, then its tasks. */
async function runRole(play: PlayRun, use: RoleUse, frame: Frame): Promise<void> {
  const hosts = frame.hosts.filter((host) => host.isActive)
  const depth = (frame.depth ?? 0) + (isBroughtIn(play, use) ? 1 : 0)
  const inside = { ...frame, hosts, depth, isAlwaysNext: false }
  await runNodes(play, use.dependencies, inside)
  await runNodes(play, use.tasks, inside)
  for (const host of hosts) if (host.leftRole === use) host.leftRole = undefined
  for (const host of hosts) if (host.isActive) play.roleRuns.complete(use, host.name)
}

/** By import_role or include_role, not by `roles:` and dependencies. */
function isBroughtIn(play: PlayRun, use: RoleUse): boolean {
  const { parent } = use
  return (
    !play.play.roles.includes(use) && !(parent.kind === 'role' && parent.dependencies.includes(use))
  )
}
