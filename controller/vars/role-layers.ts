import { newMap } from '../../proto/value.ts'
import type { ValueMap } from '../../proto/value.ts'
import { lineage, roleChain } from '../playbook/lineage.ts'
import type { AnyNode } from '../playbook/lineage.ts'
import { canonicalModule } from '../playbook/module-names.ts'
import type { Play, RoleUse, Task, TaskNode } from '../playbook/playbook.ts'

/** The roles whose defaults and variables a whole play sees: its own, and those that are imported anywhere in it. */
export function rolesOfPlay(play: Play): readonly RoleUse[] {
  const imported = [...play.preTasks, ...play.tasks, ...play.postTasks].flatMap(rolesIn)
  return [...play.roles, ...play.roles.flatMap(insideRole), ...imported]
}

function insideRole(use: RoleUse): readonly RoleUse[] {
  return [...use.dependencies.flatMap(insideRole), ...use.tasks.flatMap(rolesIn)]
}

function rolesIn(node: TaskNode): readonly RoleUse[] {
  if (node.kind === 'task') return []
  if (node.kind === 'role') return [node, ...insideRole(node)]
  return [...node.block, ...node.rescue, ...node.always].flatMap(rolesIn)
}

/** Lowest first: the defaults of the dependencies, then the role's own. */
export function defaultsOf(use: RoleUse): readonly ValueMap[] {
  return [...use.dependencies.flatMap(defaultsOf), use.role.defaults]
}

/** What a task in a role sees above all other defaults: its role's, which win over those of the roles around it. */
export function defaultsForTask(task: Task | undefined): readonly ValueMap[] {
  const chain = task ? roleChain(task) : []
  const use = chain.at(-1)
  if (!use) return []
  const around = chain.slice(0, -1).map((outer) => outer.role.defaults)
  return [...use.dependencies.flatMap(defaultsOf), ...around, use.role.defaults]
}

/** Lowest first: variables of the dependencies, those of the entry, then the role's own vars folder. */
export function varsOf(use: RoleUse): readonly ValueMap[] {
  return [...use.dependencies.flatMap(varsOf), entryVars(use), use.role.vars]
}

/** As {@link varsOf}, with the roles around the task's role below. */
export function roleVarsForTask(task: Task | undefined): readonly ValueMap[] {
  const chain = task ? roleChain(task) : []
  const use = chain.at(-1)
  if (!use) return []
  const around = chain.slice(0, -1).flatMap((outer) => [entryVars(outer), outer.role.vars])
  return [...around, ...varsOf(use)]
}

/** Parameters of the roles around a task, the outermost first. */
export function roleParamsForTask(task: Task | undefined): readonly ValueMap[] {
  return task ? roleChain(task).map((use) => use.params) : []
}

/** `vars:` of an entry in `roles:` or of the task that includes the role. */
function entryVars(use: RoleUse): ValueMap {
  if (use.parent.kind === 'task') return merged(use.parent.vars, use.vars)
  return use.vars
}

function merged(below: ValueMap, above: ValueMap): ValueMap {
  return newMap([...below, ...above])
}

/** Whether a use stands in `roles:` or among dependencies, not in a list of tasks. */
function isEntry(use: RoleUse): boolean {
  if (use.parent.kind === 'play') return use.parent.roles.includes(use)
  return use.parent.kind === 'role' && use.parent.dependencies.includes(use)
}

/** Variables of the blocks around a task, and of what imported or included it; the outermost first. */
export function blockVarsForTask(task: Task | undefined): readonly ValueMap[] {
  if (!task) return []
  const around: ValueMap[] = []
  for (const node of lineage(task)) {
    if (node === task || node.kind === 'play') continue
    if (node.kind === 'role' && isEntry(node)) continue
    around.unshift(node.vars)
  }
  return around
}

const includes = new Set(['include', 'include_tasks', 'include_role'])

/** `vars:` of the includes around a task, which are their parameters; the outermost first. */
export function includeVarsForTask(task: Task | undefined): readonly ValueMap[] {
  if (!task) return []
  return [...lineage(task)]
    .filter(isInclude)
    .map((node) => node.vars)
    .toReversed()
}

function isInclude(node: AnyNode): boolean {
  return node.kind === 'task' && includes.has(canonicalModule(node.module))
}
