import type { ErrandError } from '../../proto/errors.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import type { GroupNames } from '../inventory/group-names.ts'
import type { Host, Inventory } from '../inventory/inventory.ts'
import type { IncludedRole, IncludedTasks } from '../playbook/playbook-loader.ts'
import type { Playbook, Play, RoleUse, Task, TaskNode, VarsPrompt } from '../playbook/playbook.ts'
import type { Scope } from '../template/scope.ts'
import type { HostState, RunFacts, TaskLocals } from '../vars/host-vars.ts'
import type { RenderedArgs } from '../vars/render-args.ts'
import type { InventoryVarsOf } from '../vars/variables.ts'
import type { BecomeTarget, HostTarget, InstalledModules } from './ports.ts'

/** Text in, values out: what a run needs of inventory, playbooks, variables and templates. */
export interface Language {
  readonly playbooks: readonly Playbook[]
  /** What is worth a warning in the files read. */
  readonly warnings: readonly string[]
  /** As loaded, before add_host and group_by. */
  readonly inventory: Inventory
  /** What groups are called that the run puts in. */
  readonly groupNames: GroupNames
  /** Modules that errand has not itself. */
  readonly installed: InstalledModules
  /** Names of the hosts that a pattern means, `--limit` applied, in order. */
  match(pattern: string | readonly string[], inventory: Inventory): readonly string[]
  /** A file of tasks, read as children of `parent`. */
  loadTasks(
    file: string,
    parent: Task,
    role: RoleUse | undefined,
    options: IncludedTasks,
  ): readonly TaskNode[]
  /** A role's folder, as `parent` includes it. */
  loadRole(name: string, parent: Task, options: IncludedRole): RoleUse
  /** What a file of variables (include_vars) holds, decrypted; nothing is an empty map. */
  loadVars(file: string): Value
  scope(where: Where): Scope
  /** What a play, and an include in it, knows before it has hosts. */
  scopeOfPlay(play: Play, include?: Task): Scope
  /**
   * Reads every file that a host's variables come from, so that a fault in one is told before anything runs.
   *
   * @returns What is wrong with its group_vars or host_vars: told when the play has begun.
   * @throws {ErrandError} what is wrong with `vars_files`.
   */
  readVarsFiles(where: Where): ErrandError | undefined
  /** Warns of variables of the play that have the name of a keyword. */
  checkNames(where: Where): void
  render(value: Value, scope: Scope): Value
  /** A bare expression, or a value that is one already, as true or false. */
  test(condition: Value, scope: Scope): boolean
  /** A template file's text, with the names that only it sees. */
  renderFile(path: string, options: TemplateOptions): string
  /** The rendered arguments; those that were given `omit` are gone. */
  args(task: Task, scope: Scope): RenderedArgs
  /** The items of a task's loop. */
  loopItems(task: Task, scope: Scope): readonly Value[]
  /** How to reach a host, by its variables and the flags. */
  target(host: string, where: Where): HostTarget
  /** Who the task becomes; undefined when it does not. */
  become(host: string, where: Where): BecomeTarget | undefined
  reloadInventory(): Promise<Inventory>
  /** Whether -e gives this variable. */
  isExtraVar(name: string): boolean
  /** What the user answered to the play's vars_prompt. */
  answerPrompts(play: Play, answers: ValueMap): void
  /** The answer as `encrypt` of the prompt wants it. */
  encrypt(text: string, prompt: Pick<VarsPrompt, 'encrypt' | 'salt' | 'saltSize'>): Value
  /** What ansible-inventory shows of a host, as written. */
  inventoryVars(name: string, of: InventoryVarsOf): ValueMap
  /** The same of a group. */
  inventoryGroupVars(name: string, of: Pick<InventoryVarsOf, 'hasPlaybook'>): ValueMap
  /** include_role with public: the play sees the role's defaults and vars from now on. */
  makePublic(play: Play, use: RoleUse): void
}

/** Where something is evaluated. */
export interface Where {
  readonly host: string
  readonly play: Play
  readonly task?: Task
  readonly locals?: TaskLocals
  /** How the host is reached counts as variables too: for conditions and arguments, not for loops and names. */
  readonly hasConnection?: boolean
}

export interface TemplateOptions {
  readonly scope: Scope
  readonly searchPath: readonly string[]
  /** The template module's options: delimiters, trim_blocks … */
  readonly settings: ValueMap
  /** The file as the task names it. */
  readonly src: string
  readonly dest: string
}

/** What the language asks of a run: the state that changes while it goes on. */
export interface RunState {
  inventory(): Inventory
  host(name: string): HostState
  facts(): RunFacts
  hostEntry(name: string): Host | undefined
}
