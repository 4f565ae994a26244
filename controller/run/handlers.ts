import { ErrandError } from '../../proto/errors.ts'
import { isList } from '../../proto/value.ts'
import type { Play, RoleUse, Task, TaskNode } from '../playbook/playbook.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import { readBool, textOf } from '../modules/arguments.ts'
import { withRole } from './heading.ts'
import { noLocals } from './locals.ts'
import type { HandlerList, KnownHandler } from './known-handlers.ts'
import type { HostRun } from './host-run.ts'
import { inherited, own } from './keywords.ts'
import type { PlayRun } from './play-run.ts'

/** Every handler of a play in the order that they run: those of `roles:`, its own, then those of imported roles. */
export function playHandlers(play: Play): readonly HandlerList[] {
  const tasks = [...play.preTasks, ...play.tasks, ...play.postTasks]
  const own = { key: play.id, handlers: known(tasksIn(play.handlers), noLocals) }
  return [
    ...play.roles.flatMap((use) => listsOf(use, noLocals)),
    own,
    ...play.roles.flatMap((use) => listsInside(use, noLocals)),
    ...importedLists(tasks, noLocals),
  ]
}

/** The handlers of the roles among nodes, at any depth: of a role within a role first. */
export function importedLists(
  nodes: readonly TaskNode[],
  locals: TaskLocals,
): readonly HandlerList[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'task') return []
    if (node.kind === 'block')
      return importedLists([...node.block, ...node.rescue, ...node.always], locals)
    return [...listsInside(node, locals), ...listsOf(node, locals)]
  })
}

function listsInside(use: RoleUse, locals: TaskLocals): readonly HandlerList[] {
  return [
    ...use.dependencies.flatMap((one) => listsInside(one, locals)),
    ...importedLists(use.tasks, locals),
  ]
}

function listsOf(use: RoleUse, locals: TaskLocals): readonly HandlerList[] {
  return [
    ...use.dependencies.flatMap((one) => listsOf(one, locals)),
    { key: use.identity, handlers: known(tasksIn(use.handlers), locals) },
  ]
}

function known(tasks: readonly Task[], locals: TaskLocals): readonly KnownHandler[] {
  return tasks.map((task) => ({ task, locals }))
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
    const name = fullNameOf(handler)
    await play.context.emitter.emit({ kind: 'notified', handler: name, host: host.name })
  }
}

/** With its role in front, as in headings. */
function fullNameOf(handler: Task): string {
  const name = handler.name ?? handler.module
  return handler.role === undefined ? name : `${handler.role.role.name} : ${name}`
}

/** The handler of that name, and each that listens to it. Of lists with that name the last counts, in it the first. */
function handlersFor(
  play: PlayRun,
  what: { readonly name: string; readonly host: HostRun },
): readonly Task[] {
  const has = ({ task }: KnownHandler) => namesOf(play, task, what.host).includes(what.name)
  const named = play.handlers.findLast(({ handlers }) => handlers.some(has))?.handlers.find(has)
  const listening = play.handlers
    .flatMap(({ handlers }) => handlers.map(({ task }) => task))
    .filter((handler) => topicsOf(handler).includes(what.name))
  return [...new Set([...(named ? [named.task] : []), ...listening])]
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
 *
 * @param options.isRescuing Whether a failure counts as rescued.
 */
export async function flushHandlers(
  play: PlayRun,
  among: readonly HostRun[],
  options: { readonly isRescuing?: boolean } = {},
): Promise<void> {
  const { isRescuing = false } = options
  const failed = isForced(play)
    ? among.filter((host) => host.status === 'failed' && !host.isFlushed)
    : []
  for (const host of failed) {
    host.status = 'active'
    host.isFlushed = true
  }
  for (const { handlers } of play.handlers) {
    for (const handler of handlers) await runNotified(play, handler, { among, isRescuing })
  }
  for (const { handler, hosts } of play.postponed.splice(0)) {
    const notified = play.notified.get(handler.id)
    for (const host of hosts) notified?.add(host.name)
  }
  for (const host of failed) if (host.isActive) host.status = 'failed'
}

/** With run_once a handler runs once for each host that notified it. */
async function runNotified(
  play: PlayRun,
  { task: handler, locals }: KnownHandler,
  { among, isRescuing }: { readonly among: readonly HostRun[]; readonly isRescuing: boolean },
): Promise<void> {
  const notified = play.notified.get(handler.id)
  if (!notified) return
  const isOnce = inherited(handler, 'run_once') !== undefined
  for (;;) {
    const waiting = among.filter((host) => notified.has(host.name) && host.isActive)
    const hosts = isOnce ? waiting.slice(0, 1) : waiting
    if (hosts.length === 0) return
    for (const host of hosts) notified.delete(host.name)
    await play.walk([handler], { hosts, locals, isRescuing, isHandler: true })
    if (!isOnce) return
  }
}

function isForced(play: PlayRun): boolean {
  const written = own(play.play, 'force_handlers')
  const [host] = play.batch
  if (play.context.request.forceHandlers) return true
  if (written === undefined || written === null || !host) return false
  return readBool(play.renderFor(host, written)) ?? false
}
