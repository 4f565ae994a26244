import { ErrandError } from '../../proto/errors.ts'
import { isList } from '../../proto/value.ts'
import type { Play, Task, TaskNode } from '../playbook/playbook.ts'
import { readBool, textOf } from '../modules/arguments.ts'
import { withRole } from './heading.ts'
import { noLocals } from './locals.ts'
import type { HostRun } from './host-run.ts'
import { inherited, own } from './keywords.ts'
import type { PlayRun } from './play-run.ts'

/** Every handler of a play in the order that they run: those of its roles first, then its own. */
export function playHandlers(play: Play): readonly Task[] {
  const tasks = [...play.preTasks, ...play.tasks, ...play.postTasks]
  return [
    ...new Set([
      ...collectHandlers(play.roles),
      ...collectHandlers(tasks),
      ...tasksIn(play.handlers),
    ]),
  ]
}

/** The handlers of the roles among nodes, at any depth. */
export function collectHandlers(nodes: readonly TaskNode[]): readonly Task[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'task') return []
    if (node.kind === 'block')
      return collectHandlers([...node.block, ...node.rescue, ...node.always])
    return [
      ...collectHandlers(node.dependencies),
      ...tasksIn(node.handlers),
      ...collectHandlers(node.tasks),
    ]
  })
}

function tasksIn(nodes: readonly TaskNode[]): readonly Task[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'task') return [node]
    return tasksIn(node.kind === 'block' ? node.block : node.handlers)
  })
}

/**
 * The handlers that a changed task names.
 *
 * @throws {ErrandError} `invalid` for a name that no handler has or listens to.
 */
export function handlersNamed(
  play: PlayRun,
  names: readonly string[],
  host: HostRun,
): readonly Task[] {
  return names.flatMap((name) => handlersOrThrow(play, { name, host }))
}

function handlersOrThrow(
  play: PlayRun,
  what: { readonly name: string; readonly host: HostRun },
): readonly Task[] {
  const handlers = handlersFor(play, what)
  if (handlers.length > 0) return handlers
  throw new ErrandError(
    'invalid',
    `The requested handler '${what.name}' was not found in either the main handlers list nor in the listening handlers list`,
  )
}

/** Remembers that a host notified handlers. */
export async function notify(
  play: PlayRun,
  handlers: readonly Task[],
  host: HostRun,
): Promise<void> {
  for (const handler of handlers) {
    const hosts = play.notified.get(handler.id) ?? new Set<string>()
    play.notified.set(handler.id, hosts)
    if (hosts.has(host.name)) continue
    hosts.add(host.name)
    const name = handler.name ?? handler.module
    await play.context.emitter.emit({ kind: 'notified', handler: name, host: host.name })
  }
}

/** The last handler of that name, and each that listens to it. */
function handlersFor(
  play: PlayRun,
  what: { readonly name: string; readonly host: HostRun },
): readonly Task[] {
  const named = play.handlers.findLast((handler) =>
    namesOf(play, handler, what.host).includes(what.name),
  )
  const listening = play.handlers.filter((handler) => topicsOf(handler).includes(what.name))
  return [...new Set([...(named ? [named] : []), ...listening])]
}

function namesOf(play: PlayRun, handler: Task, host: HostRun): readonly string[] {
  const { name } = handler
  if (name === undefined) return []
  const shown = name.includes('{{') ? rendered(play, handler, host) : name
  const role = handler.role?.role
  return role ? [shown, `${role.name} : ${shown}`, withRole(handler, shown)] : [shown]
}

function rendered(play: PlayRun, handler: Task, host: HostRun): string {
  const { language } = play.context
  try {
    return textOf(
      language.render(
        handler.name ?? '',
        language.scope({ host: host.name, play: play.play, task: handler }),
      ),
    )
  } catch {
    return handler.name ?? '' // a name that cannot be filled in is known by its text
  }
}

function topicsOf(handler: Task): readonly string[] {
  const listen = own(handler, 'listen')
  if (listen === undefined || listen === null) return []
  return (isList(listen) ? listen : [listen]).map((topic) => textOf(topic))
}

/**
 * Runs what the hosts notified, in the order of the handlers; those that a handler notifies further down run as
 * well.
 */
export async function flushHandlers(play: PlayRun, among: readonly HostRun[]): Promise<void> {
  const failed = isForced(play) ? among.filter((host) => host.status === 'failed') : []
  for (const host of failed) host.status = 'active'
  for (let at = 0; at < play.handlers.length; at += 1) {
    const handler = play.handlers[at]
    if (handler) await runNotified(play, handler, among)
  }
  for (const { handler, hosts } of play.postponed.splice(0)) {
    const notified = play.notified.get(handler.id)
    for (const host of hosts) notified?.add(host.name)
  }
  for (const host of failed) if (host.isActive) host.status = 'failed'
}

/** With run_once a handler runs once for each host that notified it. */
async function runNotified(play: PlayRun, handler: Task, among: readonly HostRun[]): Promise<void> {
  const notified = play.notified.get(handler.id)
  if (!notified) return
  const isOnce = inherited(handler, 'run_once') !== undefined
  for (;;) {
    const waiting = among.filter((host) => notified.has(host.name) && host.isActive)
    const hosts = isOnce ? waiting.slice(0, 1) : waiting
    if (hosts.length === 0) return
    for (const host of hosts) notified.delete(host.name)
    await play.walk([handler], { hosts, locals: noLocals, isRescuing: false, isHandler: true })
    if (!isOnce) return
  }
}

function isForced(play: PlayRun): boolean {
  const written = own(play.play, 'force_handlers')
  if (play.context.request.forceHandlers) return true
  return written !== undefined && written !== null && (readBool(written) ?? false)
}
