import { newMap } from '../../proto/value.ts'
import type { ValueMap } from '../../proto/value.ts'
import type { Host, Inventory } from '../inventory/inventory.ts'
import type { Play, RoleUse, Task } from '../playbook/playbook.ts'
import type { HostState, TaskLocals } from './host-vars.ts'
import {
  blockVarsForTask,
  defaultsForTask,
  defaultsOf,
  includeVarsForTask,
  roleParamsForTask,
  roleVarsForTask,
  varsOf,
} from './role-layers.ts'
import type { VarsFolders } from './vars-folders.ts'

/** Whose variables are looked for, and all that they may come from. */
export interface Layered {
  readonly inventory: Inventory
  readonly host: Host
  readonly state: HostState
  /** Undefined for `hostvars`: another host's variables know nothing of the play. */
  readonly play: Play | undefined
  readonly task: Task | undefined
  readonly locals: TaskLocals | undefined
  /** Roles whose defaults and vars the whole play sees. */
  readonly roles: readonly RoleUse[]
  readonly folders: VarsFolders
  readonly inventoryDirs: readonly string[]
  readonly playbookDir: string
  readonly promptAnswers: ValueMap
  /** The files of `vars_files`, found with the variables below them. */
  readonly varsFiles: () => readonly ValueMap[]
  readonly extraVars: ValueMap
  /** inject_facts_as_vars: facts are variables of their own, beside `ansible_facts`. */
  readonly isInjecting: boolean
}

export interface Step {
  readonly step: number
  readonly name: string
  /** Source is rendered when it is read; data came from a target or was rendered once, and stays as it is. */
  readonly kind: 'source' | 'data'
  /** Lowest first. */
  readonly maps: (where: Layered) => readonly ValueMap[]
}

/**
 * Where variables come from, lowest precedence first.
 *
 * @see Ansible, "Variable precedence: where should I put a variable?"
 */
export const precedence: readonly Step[] = [
  {
    step: 1,
    name: 'role defaults',
    kind: 'source',
    maps: ({ roles, task }) => [...roles.flatMap(defaultsOf), ...defaultsForTask(task)],
  },
  {
    step: 2,
    name: 'inventory file or script group vars',
    kind: 'source',
    maps: (where) => groupsOf(where).map((name) => where.inventory.groups.get(name)?.vars ?? none),
  },
  {
    step: 3,
    name: 'inventory group_vars/all',
    kind: 'source',
    maps: ({ folders, inventoryDirs }) => inventoryDirs.map((dir) => folders.group(dir, 'all')),
  },
  {
    step: 4,
    name: 'playbook group_vars/all',
    kind: 'source',
    maps: ({ folders, playbookDir }) => [folders.group(playbookDir, 'all')],
  },
  {
    step: 5,
    name: 'inventory group_vars/*',
    kind: 'source',
    maps: ({ folders, inventoryDirs, host }) =>
      inventoryDirs.flatMap((dir) => host.groups.map((name) => folders.group(dir, name))),
  },
  {
    step: 6,
    name: 'playbook group_vars/*',
    kind: 'source',
    maps: ({ folders, playbookDir, host }) =>
      host.groups.map((name) => folders.group(playbookDir, name)),
  },
  {
    step: 7,
    name: 'inventory file or script host vars',
    kind: 'source',
    maps: ({ host }) => [host.vars],
  },
  {
    step: 8,
    name: 'inventory host_vars/*',
    kind: 'source',
    maps: ({ folders, inventoryDirs, host }) =>
      inventoryDirs.map((dir) => folders.host(dir, host.name)),
  },
  {
    step: 9,
    name: 'playbook host_vars/*',
    kind: 'source',
    maps: ({ folders, playbookDir, host }) => [folders.host(playbookDir, host.name)],
  },
  {
    step: 10,
    name: 'host facts and cached set_facts',
    kind: 'data',
    maps: ({ state, isInjecting }) => [isInjecting ? state.facts : ownFacts(state.facts)],
  },
  { step: 11, name: 'play vars', kind: 'source', maps: ({ play }) => (play ? [play.vars] : []) },
  {
    step: 12,
    name: 'play vars_prompt',
    kind: 'source',
    maps: ({ promptAnswers }) => [promptAnswers],
  },
  { step: 13, name: 'play vars_files', kind: 'source', maps: ({ varsFiles }) => varsFiles() },
  {
    step: 14,
    name: 'role vars',
    kind: 'source',
    maps: ({ roles, task }) => [...roles.flatMap(varsOf), ...roleVarsForTask(task)],
  },
  { step: 15, name: 'block vars', kind: 'source', maps: ({ task }) => blockVarsForTask(task) },
  { step: 16, name: 'task vars', kind: 'source', maps: ({ task }) => (task ? [task.vars] : []) },
  { step: 17, name: 'include_vars', kind: 'source', maps: ({ state }) => [state.included] },
  {
    step: 18,
    name: 'set_facts and registered vars',
    kind: 'data',
    maps: ({ state }) => [state.set],
  },
  {
    step: 19,
    name: 'role and include_role params',
    kind: 'source',
    maps: ({ task }) => roleParamsForTask(task),
  },
  {
    step: 20,
    name: 'include params',
    kind: 'source',
    maps: ({ task, locals }) => [...includeVarsForTask(task), locals?.includeParams ?? none],
  },
  { step: 21, name: 'extra vars', kind: 'source', maps: ({ extraVars }) => [extraVars] },
]

const none: ValueMap = newMap()

/** The facts that users put on their hosts are variables in any case. */
function ownFacts(facts: ValueMap): ValueMap {
  return newMap([['ansible_local', facts.get('ansible_local') ?? none]])
}

function groupsOf(where: Layered): readonly string[] {
  return ['all', ...where.host.groups]
}
