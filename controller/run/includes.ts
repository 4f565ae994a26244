import { resolve } from 'node:path'
import type { RunEventBody } from '../../proto/run.ts'
import { ErrandError } from '../../proto/errors.ts'
import { isMap, newMap, type ValueMap } from '../../proto/value.ts'
import { noListOfTasks } from '../playbook/import-resolver.ts'
import type { IncludedRole } from '../playbook/playbook-loader.ts'
import type { Task, TaskNode } from '../playbook/playbook.ts'
import { readBool, textOf } from '../modules/arguments.ts'
import type { Frame } from './frame.ts'
import { importedLists } from './handlers.ts'
import { headingOf } from './heading.ts'
import type { Ran } from './host-outcome.ts'
import type { HostRun } from './host-run.ts'
import type { IncludeAsked } from './include-asked.ts'
import type { PlayRun } from './play-run.ts'

/** Hosts that asked for the same. */
interface IncludeGroup {
  readonly asked: IncludeAsked
  readonly hosts: HostRun[]
  readonly number: number
}

/** Reads all that hosts asked for, then runs one after the other, each on the hosts that asked for it. */
export async function bringIn(
  play: PlayRun,
  task: Task,
  from: { readonly frame: Frame; readonly ran: readonly Ran[] },
): Promise<void> {
  const loaded: { readonly group: IncludeGroup; readonly nodes: readonly TaskNode[] }[] = []
  for (const group of grouped(from.ran)) {
    const nodes = await load(play, task, { group, frame: from.frame })
    if (nodes) loaded.push({ group, nodes })
  }
  for (const { group, nodes } of loaded) {
    const { asked, hosts } = group
    await play.walk(nodes, { ...from.frame, hosts, locals: asked.locals })
  }
}

function grouped(ran: readonly Ran[]): readonly IncludeGroup[] {
  const groups = new Map<string, IncludeGroup>()
  for (const { host, outcome } of ran) {
    for (const asked of outcome.includes) {
      const known = groups.get(asked.key)
      if (known) known.hosts.push(host)
      else groups.set(asked.key, { asked, hosts: [host], number: groups.size })
    }
  }
  return [...groups.values()]
}

async function load(
  play: PlayRun,
  task: Task,
  what: { readonly group: IncludeGroup; readonly frame: Frame },
): Promise<readonly TaskNode[] | undefined> {
  const { group, frame } = what
  try {
    if (!group.asked.isRole) return await loadTasks(play, task, what)
    if (play.isFree) await tellHeading(play, task, what)
    return loadRole(play, task, group)
  } catch (error) {
    if (!(error instanceof ErrandError) || !isAbsent(error)) throw error
    for (const host of group.hosts) lose(host)
    if (group.asked.isRole) {
      // Of a role the message is all there is: no host has a line, and nothing is counted.
      await play.context.emitter.emit({ kind: 'message', level: 'error', text: error.message })
      return undefined
    }
    const path = resolve(play.play.baseDir, group.asked.name)
    const reason =
      error.message === noListOfTasks
        ? noListOfTasks
        : `Could not find or access '${path}' on the Ansible Controller.`
    for (const host of group.hosts) await tellFailed(play, task, { host, frame, reason })
    return undefined
  }
}

/** Of the faults in a file only that there is none is a result of the hosts that asked for it. */
function isAbsent(error: ErrandError): boolean {
  return (
    error.code === 'not_found' ||
    /there is no file of tasks|the role '.*' was not found/u.test(error.message)
  )
}

/** Of an included role nothing is said but its heading, which otherwise stands there already. */
async function tellHeading(
  play: PlayRun,
  task: Task,
  { group, frame }: { readonly group: IncludeGroup; readonly frame: Frame },
): Promise<void> {
  const [host] = group.hosts
  if (!host) return
  const position = play.context.checkpoints.visit(`e:heading:${task.id}:${host.name}`)
  await play.context.emitter.emitHeading(headingOf(play, task, { host, frame }), { position })
}

async function loadTasks(
  play: PlayRun,
  task: Task,
  what: { readonly group: IncludeGroup; readonly frame: Frame },
): Promise<readonly TaskNode[]> {
  const { group, frame } = what
  const { asked, hosts, number } = group
  const { context } = play
  const nodes = context.language.loadTasks(asked.name, task, task.role, {
    isHandler: frame.isHandler,
    instance: instanceOf(number),
    ...applied(asked.args),
  })
  const [first] = nodes
  if (!first) return nodes // of an empty file nothing is said
  const file = first.kind === 'block' ? (first.file ?? first.place.file) : first.place.file
  for (const host of hosts) context.stats.add(host.name, 'ok')
  await announce(play, task, { file, group, frame })
  return nodes
}

function loadRole(play: PlayRun, task: Task, group: IncludeGroup): readonly TaskNode[] {
  const { asked, number } = group
  const use = play.context.language.loadRole(asked.name, task, {
    ...roleChoice(asked.args),
    ...applied(asked.args),
    given: newMap([...task.vars, ...asked.ownData]),
    instance: instanceOf(number),
  })
  play.addHandlers(importedLists([use], asked.locals))
  if (use.isPublic) play.context.language.makePublic(play.play, use)
  return [use]
}

function roleChoice(args: ValueMap): IncludedRole {
  const text = (name: string) => {
    const value = args.get(name) ?? null
    return value === null ? undefined : textOf(value)
  }
  const bool = (name: string) => {
    const value = args.get(name)
    return value === undefined ? undefined : readBool(value)
  }
  const choice = {
    tasksFrom: text('tasks_from'),
    varsFrom: text('vars_from'),
    defaultsFrom: text('defaults_from'),
    handlersFrom: text('handlers_from'),
    isPublic: bool('public'),
    allowDuplicates: bool('allow_duplicates'),
    isChecked: bool('rolespec_validate'),
  }
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined))
}

function applied(args: ValueMap): { readonly apply?: ValueMap } {
  const apply = args.get('apply')
  return isMap(apply) ? { apply } : {}
}

function instanceOf(number: number): string {
  return `i${number}`
}

async function announce(
  play: PlayRun,
  task: Task,
  what: { readonly file: string; readonly group: IncludeGroup; readonly frame: Frame },
): Promise<void> {
  const { file, group, frame } = what
  const { asked, hosts } = group
  const [host] = hosts
  if (!host) return
  const names = hosts.map(({ name }) => name)
  const told: RunEventBody = {
    kind: 'included',
    file,
    hosts: names,
    ...(asked.label === undefined ? {} : { label: textOf(asked.label) }),
  }
  const position = play.context.checkpoints.visit(`e:included:${file}:${names.join(',')}`)
  await play.emit(headingOf(play, task, { host, frame }), told, { position })
}

/** No block takes it for its own failure: a rescue is told nothing of it, and what comes after this play goes without the host. */
function lose(host: HostRun): void {
  host.status = 'failed'
  host.failure = undefined
  host.hasFailedInFlush = false
  host.isLost = true
}

async function tellFailed(
  play: PlayRun,
  task: Task,
  what: { readonly host: HostRun; readonly frame: Frame; readonly reason: string },
): Promise<void> {
  const { host, frame, reason } = what
  play.context.stats.add(host.name, 'failed')
  const heading = headingOf(play, task, { host, frame })
  const position = play.context.checkpoints.visit(`e:result:${task.id}:${host.name}`)
  const told: RunEventBody = {
    kind: 'host_result',
    taskId: task.id,
    task: heading.task,
    module: task.module,
    host: { host: host.name },
    status: 'failed',
    isIgnored: false,
    hasItems: false,
    result: newMap([['reason', reason]]),
  }
  await play.emit(heading, told, { position })
}
