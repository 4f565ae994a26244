import { ErrandError } from '../../proto/errors.ts'
import { stringifyRecord } from '../../proto/json-text.ts'
import { newMap, type Value, type ValueMap } from '../../proto/value.ts'
import type { Task } from '../playbook/playbook.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import { isTrue } from '../template/python/compare.ts'
import type { Scope } from '../template/scope.ts'
import { textOf } from '../modules/arguments.ts'
import { plainName } from '../modules/registry.ts'
import { ownMap } from './keywords.ts'
import type { TaskEnv } from './task-env.ts'

/** A file or role that a task on a host asks to bring in. */
export interface IncludeAsked {
  /** Hosts that ask for the same are served together. */
  readonly key: string
  readonly isRole: boolean
  /** The file or the role's name, rendered. */
  readonly name: string
  readonly args: ValueMap
  /** What its tasks see beside everything else. */
  readonly locals: TaskLocals
  readonly label: Value | undefined
  /** What `register` has of it. */
  readonly told: ValueMap
  /** The names that its own loop gives, without those of includes around. */
  readonly ownData: ValueMap
}

/** Whether the task brings in tasks while the play runs. */
export function isInclude(task: Task): boolean {
  return ['include_tasks', 'include_role', 'include'].includes(plainName(task.module))
}

/** Reads what an include asks for on one host, for one item. */
export function includeOf(
  env: TaskEnv,
  scope: Scope,
  { locals, isHidden }: { readonly locals: TaskLocals; readonly isHidden: boolean },
): IncludeAsked {
  const { language } = env.play.context
  const { freeForm, map } = language.args(env.task, scope)
  const isRole = plainName(env.task.module) === 'include_role'
  const written = isRole ? (map.get('name') ?? map.get('role')) : (freeForm ?? map.get('file'))
  if (written === undefined || written === null || written === '') {
    throw new ErrandError(
      'invalid',
      isRole
        ? "'name' is a required field for include_role."
        : 'No include file was specified to the include',
    )
  }
  const name = textOf(written).trim()
  const told = newMap([
    ...(isRole ? [] : [['include', name] as const]),
    ['include_args', newMap([...map].filter(([key]) => isRole || key !== 'file'))],
    ['changed', false],
  ])
  const args = isRole ? map : newMap([...map].filter(([key]) => key === 'apply'))
  return {
    key: stringifyRecord([name, args, locals.data]),
    isRole,
    name,
    args,
    locals,
    label: labelOf(env, scope, { locals, isHidden }),
    told,
    ownData: newMap([...locals.data].filter(([key, value]) => env.locals.data.get(key) !== value)),
  }
}

/** What stands behind the file; what is empty or zero is not shown. */
function labelOf(
  env: TaskEnv,
  scope: Scope,
  { locals, isHidden }: { readonly locals: TaskLocals; readonly isHidden: boolean },
): Value | undefined {
  if (isHidden) return '(censored due to no_log)'
  if (!env.task.loop) return undefined
  const loopVar = locals.data.get('ansible_loop_var')
  const written = ownMap(env.task, 'loop_control').get('label')
  const name = typeof loopVar === 'string' ? loopVar : 'item'
  const label =
    written === undefined ? locals.data.get(name) : env.play.context.language.render(written, scope)
  return label === undefined || !isTrue(label) ? undefined : label
}
