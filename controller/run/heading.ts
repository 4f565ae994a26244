import type { TaskStarted } from '../../proto/run.ts'
import type { Task } from '../playbook/playbook.ts'
import { textOf } from '../modules/arguments.ts'
import { plainName } from '../modules/registry.ts'
import type { Frame } from './frame.ts'
import type { HostRun } from './host-run.ts'
import type { PlayRun } from './play-run.ts'

/** The heading of a task: its name filled in with the first host's variables, the role's in front. */
export function headingOf(
  play: PlayRun,
  task: Task,
  where: { readonly host: HostRun; readonly frame: Frame },
): TaskStarted {
  const { request } = play.context
  const name = nameOf(play, task, where)
  return {
    kind: 'task_started',
    taskId: task.id,
    task: withRole(task, name),
    isHandler: where.frame.isHandler,
    module: task.module,
    path: `${task.place.file}:${task.place.line}`,
    check: request.check,
  }
}

function nameOf(
  play: PlayRun,
  task: Task,
  where: { readonly host: HostRun; readonly frame: Frame },
): string {
  if (task.name === undefined || task.name === '') return unnamed(task)
  if (!task.name.includes('{{') && !task.name.includes('{%')) return task.name
  const { language } = play.context
  const scope = language.scope({
    host: where.host.name,
    play: play.play,
    task,
    locals: where.frame.locals,
  })
  try {
    return textOf(language.render(task.name, scope))
  } catch {
    return task.name // a name that cannot be filled in is shown as written
  }
}

/** The name of a task as it is written, the role's in front. */
export function writtenName(task: Task): string {
  const name = task.name === undefined || task.name === '' ? unnamed(task) : task.name
  return withRole(task, name)
}

/** A name of a task, with that of its role in front, as headings and listings show it; an include_role stands alone. */
export function withRole({ role, module }: Pick<Task, 'role' | 'module'>, name: string): string {
  if (role === undefined || plainName(module) === 'include_role') return name
  return `${role.role.fullName} : ${name}`
}

function unnamed(task: Task): string {
  const name = task.args.map.get('name')
  const role = task.args.map.get('role')
  const used = name ?? role
  if (plainName(task.module) !== 'include_role' || typeof used !== 'string') return task.module
  return `${task.module} : ${used}`
}

/** The name in a heading, without the role before it. */
export function plainTaskName({ task: shown }: Pick<TaskStarted, 'task'>, task: Task): string {
  const prefix = withRole(task, '')
  return shown.startsWith(prefix) ? shown.slice(prefix.length) : shown
}
