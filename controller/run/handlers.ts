import { ErrandError } from '../../proto/errors.ts'
import { isList, type Value } from '../../proto/value.ts'
import type { Play, Task, TaskNode } from '../playbook/playbook.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import { readBool, textOf } from '../modules/arguments.ts'
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

/** Remembers the handlers that a changed task names, for its host. */
export async function notify(
  play: PlayRun,
  task: Task,
  from: { readonly host: HostRun; readonly locals: TaskLocals },
): Promise<void> {
  const written = inherited(task, 'notify')
  if (written === undefined || written === null) return
  const { language } = play.context
  const scope = language.scope({ host: from.host.name, play: play.play, task, locals: from.locals })
  const rendered = language.render(written, scope)
  const names = (isList(rendered) ? rendered.flat() : [rendered]) as readonly Value[]
  for (const name of names) await notifyOne(play, { name: textOf(name), host: from.host })
}

async function notifyOne(
  play: PlayRun,
  what: { readonly name: string; readonly host: HostRun },
): Promise<void> {
  const { name, host } = what
  const handlers = handlersFor(play, { name, host })
  if (handlers.length === 0) {
    throw new ErrandError(
      'invalid',
      `The requested handler '${name}' was not found in either the main handlers list nor in the listening handlers list`,
    )
  }
  for (const handler of handlers) {
    const hosts = play.notified.get(handler.id) ?? new Set<string>()
    play.notified.set(handler.id, hosts)
    if (hosts.has(host.name)) continue
    hosts.add(host.name)
    await play.context.emitter.emit({
      kind: 'notified',
      handler: handler.name ?? name,
      host: host.name,
    })
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
  return role ? [shown, `${role.name} : ${shown}`, `${role.fullName} : ${shown}`] : [shown]
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

/** Runs what was notified, in the order of the handlers; those that a handler notifies further down run as well. */
export async function flushHandlers(play: PlayRun): Promise<void> {
  const failed = isForced(play) ? play.batch.filter((host) => host.status === 'failed') : []
  for (const host of failed) host.status = 'active'
  for (let at = 0; at < play.handlers.length; at += 1) {
    const handler = play.handlers[at]
    const notified = handler && play.notified.get(handler.id)
    if (!handler || !notified || notified.size === 0) continue
    const hosts = play.batch.filter((host) => notified.has(host.name) && host.isActive)
    for (const host of hosts) notified.delete(host.name)
    await play.walk([handler], { hosts, locals: noLocals, isRescuing: false, isHandler: true })
  }
  for (const host of failed) if (host.isActive) host.status = 'failed'
}

function isForced(play: PlayRun): boolean {
  const written = own(play.play, 'force_handlers')
  if (play.context.request.forceHandlers) return true
  return written !== undefined && written !== null && (readBool(written) ?? false)
}
