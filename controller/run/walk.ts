import { stringifyRecord } from '../../proto/json-text.ts'
import { type Value } from '../../proto/value.ts'
import type { Block, RoleUse, Task, TaskNode } from '../playbook/playbook.ts'
import { plainName } from '../modules/registry.ts'
import type { Frame } from './frame.ts'
import { withRole } from './heading.ts'
import type { HostRun } from './host-run.ts'
import { isTagged } from './is-tagged.ts'
import { runMeta } from './meta.ts'
import type { PlayRun } from './play-run.ts'
import { isWanted } from './step.ts'
import { runTask } from './task.ts'

/** Runs tasks, blocks and roles in order on the hosts of the frame that still take part. */
export async function runNodes(
  play: PlayRun,
  nodes: readonly TaskNode[],
  frame: Frame,
): Promise<void> {
  for (const node of nodes) {
    if (!frame.hosts.some((host) => host.isActive)) return
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

async function runChosenTask(play: PlayRun, task: Task, frame: Frame): Promise<void> {
  const { context } = play
  const host = frame.hosts.find((one) => one.isActive)
  if (!host) return
  // Handlers run whatever their tags.
  if (!frame.isHandler && !isTagged(play, task, { host, locals: frame.locals })) return
  if (context.isSeekingStart && !frame.isHandler && !isStart(play, task)) return
  if (plainName(task.module) === 'meta') await runMeta(play, task, frame)
  else if (await isWanted(play, task, frame)) await runTask(play, task, frame)
  else if (frame.isHandler) play.postponed.push({ handler: task, hosts: frame.hosts })
}

/** Whether this is the task that --start-at-task named; from it on everything runs. */
function isStart(play: PlayRun, task: Task): boolean {
  const { context } = play
  const wanted = context.request.startAtTask ?? ''
  const names = [task.name, task.name && withRole(task, task.name)]
  const pattern = new RegExp(`^${escapePattern(wanted)}$`, 'u')
  if (!names.some((name) => name !== undefined && (name === wanted || pattern.test(name))))
    return false
  context.isSeekingStart = false
  return true
}

/** A shell glob with `*` and `?`. */
function escapePattern(glob: string): string {
  return glob
    .replace(/[\\^$.+()[\]{}|]/gu, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
}

/** The block; for hosts that failed in it the rescue; for all of them always. */
async function runBlock(play: PlayRun, block: Block, frame: Frame): Promise<void> {
  const hosts = frame.hosts.filter((host) => host.isActive)
  const hasRescue = block.rescue.length > 0
  const isAlwaysToCome = frame.isAlwaysToCome === true || block.always.length > 0
  const inside = { ...frame, hosts, isAlwaysToCome }
  await runNodes(play, block.block, { ...inside, isRescuing: frame.isRescuing || hasRescue })
  if (hasRescue) await rescue(play, block, inside)
  if (block.always.length > 0) await always(play, block, { ...frame, hosts })
}

async function rescue(play: PlayRun, block: Block, frame: Frame): Promise<void> {
  const failed = frame.hosts.filter((host) => host.status === 'failed')
  if (failed.length === 0) return
  for (const host of failed) {
    host.status = 'active'
    if (!host.failure) continue
    host.vars.set.set('ansible_failed_task', host.failure.task)
    host.vars.set.set('ansible_failed_result', host.failure.result)
  }
  play.isBroken = false
  play.refreshFacts()
  await runNodes(play, block.rescue, { ...frame, hosts: failed })
}

/** Runs on hosts that failed too; they stay failed. */
async function always(play: PlayRun, block: Block, frame: Frame): Promise<void> {
  const failed = frame.hosts.filter((host) => host.status === 'failed')
  const hosts = frame.hosts.filter((host) => host.isActive || host.status === 'failed')
  for (const host of failed) host.status = 'active'
  await runNodes(play, block.always, { ...frame, hosts })
  for (const host of failed) if (host.isActive) host.status = 'failed'
  play.refreshFacts()
}

/** A role's dependencies, then its tasks; a second use like one before is left out. */
async function runRole(play: PlayRun, use: RoleUse, frame: Frame): Promise<void> {
  const done = doneHosts(play, use)
  const isRepeated = (host: HostRun) => !use.role.allowDuplicates && done.has(host.name)
  const hosts = frame.hosts.filter((host) => host.isActive && !isRepeated(host))
  if (hosts.length === 0) return
  await runNodes(play, use.dependencies, { ...frame, hosts })
  await runNodes(play, use.tasks, { ...frame, hosts })
  for (const host of hosts) if (host.leftRole === use) host.leftRole = undefined
  for (const host of hosts) if (host.isActive) done.add(host.name)
}

function doneHosts(play: PlayRun, use: RoleUse): Set<string> {
  const parts: readonly Value[] = [
    use.role.fullName,
    use.params,
    use.vars,
    use.keywords.get('when') ?? null,
    use.keywords.get('tags') ?? null,
  ]
  const isIncluded = use.parent.kind === 'task'
  const key = isIncluded ? use.id : stringifyRecord(parts)
  const known = play.rolesDone.get(key) ?? new Set<string>()
  play.rolesDone.set(key, known)
  return known
}
