import { ErrandError } from '../../proto/errors.ts'
import type { RunEventBody } from '../../proto/run.ts'
import { newMap } from '../../proto/value.ts'
import { roleOf } from '../playbook/lineage.ts'
import type { Task } from '../playbook/playbook.ts'
import { firstFalse } from './conditions.ts'
import { flushHandlers } from './handlers.ts'
import type { Frame } from './frame.ts'
import { headingOf } from './heading.ts'
import type { HostRun } from './host-run.ts'
import { accumulated } from './keywords.ts'
import { doneWords, skipMessage, skipReason } from './meta-words.ts'
import { placeText } from './task-error.ts'
import type { PlayRun } from './play-run.ts'

/** Runs `meta: …`, which acts on the play itself. */
export async function runMeta(play: PlayRun, task: Task, frame: Frame): Promise<void> {
  const { context } = play
  context.world.signal.throwIfAborted()
  const action = (task.args.freeForm ?? '').trim()
  if (action === 'flush_handlers' && frame.isHandler) {
    throw new ErrandError('invalid', 'flush_handlers cannot be used as a handler')
  }
  const hosts = frame.hosts.filter((host) => host.isActive)
  const asking = perHost.has(action) ? hosts : hosts.slice(0, 1)
  const met: HostRun[] = []
  for (const host of asking) {
    if (!play.isFree) await context.emitter.emit(headingOf(play, task, { host, frame }))
    if (withoutCondition.has(action) || isMet(play, task, { host, frame })) {
      met.push(host)
      await tellMeta(play, doneWords(action, host.name))
    } else await tellSkipped(play, task, { host, frame })
  }
  if (met.length > 0) await act(play, { action, task, met, frame })
}

/** Each host says for itself whether it takes part. */
const perHost = new Set(['noop', 'reset_connection', 'end_host', 'end_role', 'flush_handlers'])
const withoutCondition = new Set(['noop', 'refresh_inventory', 'reset_connection'])

async function act(
  play: PlayRun,
  what: {
    readonly action: string
    readonly task: Task
    readonly met: readonly HostRun[]
    readonly frame: Frame
  },
): Promise<void> {
  const { context } = play
  switch (what.action) {
    case 'noop':
      return
    case 'flush_handlers':
      return await flushHandlers(play, what.met, {
        isRescuing: what.frame.isRescuingInside ?? false,
      })
    case 'refresh_inventory':
      return await context.refreshInventory()
    case 'reset_connection':
      for (const host of what.met) context.fleet.reset(host.name)
      return
    case 'end_host':
      for (const host of what.met) host.status = 'ended'
      return
    case 'clear_facts':
      for (const host of play.allHosts) host.vars.forgetFacts()
      return
    case 'clear_host_errors':
      // They take part again from the next play on.
      for (const host of play.allHosts) host.isLost = false
      for (const host of play.allHosts) if (isOut(host)) host.status = 'ended'
      return
    case 'end_batch':
    case 'end_play':
      play.isEnded ||= what.action === 'end_play'
      for (const host of play.batch) if (host.isActive) host.status = 'ended'
      return
    case 'end_role': {
      const use = roleOf(what.task)
      if (!use) {
        const place = placeText(what.task)
        throw new ErrandError(
          'syntax',
          `Cannot execute 'end_role' from outside of a role, at ${place}`,
        )
      }
      for (const host of what.met) host.leftRole = use
      return
    }
    default:
      throw new ErrandError(
        'invalid',
        `invalid meta action requested: ${what.action}, at ${placeText(what.task)}`,
      )
  }
}

function isOut(host: HostRun): boolean {
  return host.status === 'failed' || host.status === 'unreachable'
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

async function tellMeta(play: PlayRun, words: string): Promise<void> {
  const told = { kind: 'message', level: 'notice', verbosity: 2, text: `META: ${words}` } as const
  await play.context.emitter.emit(told)
}

async function tellSkipped(
  play: PlayRun,
  task: Task,
  where: { readonly host: HostRun; readonly frame: Frame },
): Promise<void> {
  const heading = headingOf(play, task, where)
  const action = (task.args.freeForm ?? '').trim()
  const host = where.host.name
  const reason = skipReason(action, host)
  await tellMeta(play, reason)
  const told: RunEventBody = {
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
      ['msg', skipMessage(action, host)],
      ['skip_reason', reason],
    ]),
  }
  const position = play.context.checkpoints.visit(`e:result:${task.id}:${where.host.name}`)
  await play.emit(heading, told, { position })
}
