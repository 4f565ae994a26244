import { ErrandError } from '../../proto/errors.ts'
import { newMap } from '../../proto/value.ts'
import type { Task } from '../playbook/playbook.ts'
import { firstFalse } from './conditions.ts'
import { flushHandlers } from './handlers.ts'
import type { Frame } from './frame.ts'
import { headingOf } from './heading.ts'
import type { HostRun } from './host-run.ts'
import { accumulated } from './keywords.ts'
import { placeText } from './task-error.ts'
import type { PlayRun } from './play-run.ts'

/** Runs `meta: …`, which acts on the play itself. */
export async function runMeta(play: PlayRun, task: Task, frame: Frame): Promise<void> {
  play.context.world.signal.throwIfAborted()
  const action = (task.args.freeForm ?? '').trim()
  const hosts = frame.hosts.filter((host) => host.isActive)
  if (action === 'end_host') return await endHosts(play, task, { hosts, frame })
  const [first] = hosts
  if (!first) return
  if (withoutCondition.has(action)) return await actAlways(play, action)
  if (!isMet(play, task, { host: first, frame }))
    return await tellSkipped(play, task, { host: first, frame })
  if (action === 'flush_handlers') return await flushHandlers(play)
  act(play, { action, task, frame })
}

const withoutCondition = new Set(['noop', 'refresh_inventory', 'reset_connection'])

async function actAlways(play: PlayRun, action: string): Promise<void> {
  const { context } = play
  if (action === 'refresh_inventory')
    context.replaceInventory(await context.language.reloadInventory())
  if (action === 'reset_connection') for (const host of play.batch) context.fleet.reset(host.name)
}

function act(
  play: PlayRun,
  what: { readonly action: string; readonly task: Task; readonly frame: Frame },
): void {
  switch (what.action) {
    case 'clear_facts':
      for (const host of play.batch) clear(host.vars.facts)
      return
    case 'clear_host_errors':
      for (const host of play.allHosts)
        if (host.status === 'failed' || host.status === 'unreachable') host.status = 'active'
      return
    case 'end_batch':
    case 'end_play':
      play.isEnded ||= what.action === 'end_play'
      for (const host of play.batch) if (host.isActive) host.status = 'ended'
      return
    case 'end_role':
      throw new ErrandError(
        'unsupported',
        `meta: end_role is not there yet, at ${placeText(what.task)}`,
      )
    default:
      throw new ErrandError(
        'syntax',
        `invalid meta action requested: ${what.action}, at ${placeText(what.task)}`,
      )
  }
}

function clear(facts: Record<string, unknown>): void {
  for (const name of Object.keys(facts)) delete facts[name]
}

async function endHosts(
  play: PlayRun,
  task: Task,
  where: { readonly hosts: readonly HostRun[]; readonly frame: Frame },
): Promise<void> {
  for (const host of where.hosts) {
    if (isMet(play, task, { host, frame: where.frame })) host.status = 'ended'
    else await tellSkipped(play, task, { host, frame: where.frame })
  }
  play.refreshFacts()
}

function isMet(
  play: PlayRun,
  task: Task,
  where: { readonly host: HostRun; readonly frame: Frame },
): boolean {
  const { language } = play.context
  const { host, frame } = where
  const scope = language.scope({ host: host.name, play: play.play, task, locals: frame.locals })
  return firstFalse(language, accumulated(task, 'when'), scope) === undefined
}

async function tellSkipped(
  play: PlayRun,
  task: Task,
  where: { readonly host: HostRun; readonly frame: Frame },
): Promise<void> {
  const heading = headingOf(play, task, where)
  await play.context.emitter.emit(heading, {
    kind: 'host_result',
    taskId: task.id,
    task: heading.task,
    module: task.module,
    host: { host: where.host.name },
    status: 'skipped',
    isIgnored: false,
    hasItems: false,
    result: newMap([
      ['skipped', true],
      ['skip_reason', `${String(task.args.freeForm)} conditional evaluated to False`],
    ]),
  })
  play.context.stats.add(where.host.name, 'skipped')
}
