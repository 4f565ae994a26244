/**
 * The variables of hosts: which of the 21 sources a name comes from, when its template is rendered, and what is data and
 * never rendered.
 */
import { addAll, newMap, textKeys } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import { hostEntry } from '../inventory/match-hosts.ts'
import type { Host, Inventory } from '../inventory/inventory.ts'
import type { Play, RoleUse, Task } from '../playbook/playbook.ts'
import { omitToken, pythonRepr } from '../template/templates.ts'
import type { Templates } from '../template/templates.ts'
import type { SourceFiles } from '../yaml/source-files.ts'
import type { HostState, MakeScope, RunFacts, TaskLocals } from './host-vars.ts'
import { liveMap } from './live-map.ts'
import { groupsMap, magicVariables } from './magic.ts'
import { precedence } from './precedence.ts'
import type { Layered } from './precedence.ts'
import { rolesOfPlay } from './role-layers.ts'
import { RunScope, type ScopeParts } from './run-scope.ts'
import { VarsFolders } from './vars-folders.ts'
import { findVarsFiles } from './vars-files-of-play.ts'

/** What a run knows that variables come from; asked each time, since it changes on the way. */
export interface VariablesState {
  inventory(): Inventory
  host(name: string): HostState
  facts(): RunFacts
}

export interface VariablesOptions {
  readonly state: VariablesState
  readonly templates: Templates
  readonly files: SourceFiles
  readonly extraVars: ValueMap
  /** hash_behaviour; `replace` by default. */
  readonly hashBehaviour?: 'replace' | 'merge'
  /** inject_facts_as_vars; true by default. */
  readonly isInjecting?: boolean
  /** Names that a task on its way to its host has though nobody set them. */
  readonly connection?: (name: string, where: Where) => Value | undefined
}

/** Which of an inventory's variables are meant. */
export interface InventoryVarsOf {
  /** Those of the host itself, without its groups'. */
  readonly isOwn: boolean
  /** A playbook's folder was named: its group_vars and host_vars count everywhere. */
  readonly hasPlaybook: boolean
}

/** Whose variables, and where in the play. */
export interface Where {
  readonly host: string
  readonly play: Play | undefined
  readonly task?: Task | undefined
  readonly locals?: TaskLocals | undefined
  /** How the host is reached counts as variables too: for conditions and arguments, not for loops and names. */
  readonly hasConnection?: boolean | undefined
}

/** Makes the scopes that templates are evaluated in. */
export class Variables {
  readonly #options: VariablesOptions
  readonly #folders: VarsFolders
  readonly #answers = new WeakMap<Play, ValueMap>()
  readonly #staticRoles = new WeakMap<Play, readonly RoleUse[]>()
  readonly #includedRoles = new WeakMap<Play, readonly RoleUse[]>()
  readonly #perInventory = new WeakMap<
    Inventory,
    { readonly groups: ValueMap; readonly dirs: readonly string[] }
  >()

  constructor(options: VariablesOptions) {
    this.#options = options
    this.#folders = new VarsFolders(options.files)
  }

  readonly makeScope: MakeScope = (where) => this.scope(where)

  /** As {@link makeScope}, with what only this folder needs of a scope. */
  scope(where: Where): RunScope {
    return this.#scope(where)
  }

  /**
   * What a play, and an include in it, knows before it has hosts: nothing that the inventory or facts say of one, be it `all` or
   * localhost.
   */
  scopeOfPlay(play: Play, include?: Task): RunScope {
    const only = include ? stepsOfInclude : stepsOfPlay
    return this.#scope({ host: 'localhost', play, task: include }, { only })
  }

  /** What the user answered to a play's vars_prompt (step 12). */
  answerPrompts(play: Play, answers: ValueMap): void {
    this.#answers.set(play, answers)
  }

  /** include_role with `public: true`: from now on the whole play sees the role's defaults and vars. */
  addPublicRole(play: Play, use: RoleUse): void {
    this.#includedRoles.set(play, [...(this.#includedRoles.get(play) ?? []), use])
  }

  /** Variables of other hosts, each rendered in its own context, without those of the play. */
  hostvars(): ValueMap {
    const { state } = this.#options
    return liveMap({
      keys: () => [...state.inventory().hosts.keys(), 'localhost'],
      has: (name) => hostEntry(state.inventory(), name) !== undefined,
      read: (name) => this.#scope({ host: name, play: undefined }).asHostVars(),
      typeName: 'ansible.vars.hostvars.HostVars',
      absent: (name) => `${pythonRepr(`hostvars['${name}']`)} is undefined`,
    })
  }

  /**
   * What ansible-inventory shows of a host, as written: steps 2 to 9 and extra variables; its own are 7 and 8, and 9
   * where a playbook's folder was named.
   */
  inventoryVars(name: string, of: InventoryVarsOf): ValueMap {
    const layered = this.#layered({ host: name, play: undefined })
    const isShown = (step: number) => {
      if (of.isOwn) return step === 7 || step === 8 || (step === 9 && of.hasPlaybook)
      return (step > 1 && step < 10) || step === precedence.length
    }
    const steps = precedence.filter(({ step }) => isShown(step))
    const vars = newMap()
    for (const { maps } of steps) for (const map of maps(layered)) addAll(vars, map)
    return vars
  }

  /** A group's own variables, those of its folders beside the inventory on top, as written. */
  inventoryGroupVars(
    name: string,
    { hasPlaybook }: Pick<InventoryVarsOf, 'hasPlaybook'>,
  ): ValueMap {
    const { state } = this.#options
    const inventory = state.inventory()
    const vars = newMap(inventory.groups.get(name)?.vars)
    const playbook = hasPlaybook ? [state.facts().playbookDir] : []
    for (const dir of [...this.#ofInventory(inventory).dirs, ...playbook])
      addAll(vars, this.#folders.group(dir, name))
    return vars
  }

  /**
   * Reads the group_vars and host_vars of a host.
   *
   * @throws {ErrandError} what is wrong with one.
   */
  readFolders(where: Where): void {
    const layered = this.#layered(where)
    for (const { step, maps } of precedence) if (folderSteps.has(step)) maps(layered)
  }

  /** Names of the variables that a play gives itself: in `vars` and `vars_files`, in its roles, by prompts and by -e. */
  namesOfPlay(where: Where): ReadonlySet<string> {
    const layered = this.#layered(where)
    const steps = precedence.filter(({ step }) => stepsOfPlay.has(step))
    return new Set(steps.flatMap(({ maps }) => maps(layered).flatMap(textKeys)))
  }

  #scope(where: Where, limits: Pick<ScopeParts, 'below' | 'only'> = {}): RunScope {
    const layered = this.#layered(where)
    const { templates, hashBehaviour, connection } = this.#options
    return new RunScope({
      layered,
      templates,
      data: where.locals?.data ?? none,
      magic: (name, scope) =>
        limits.only && namesOfHost.has(name) ? undefined : this.#magic(name, { layered, scope }),
      magicNames: () => magicVariables.keys(),
      isMerging: hashBehaviour === 'merge',
      ...(connection && where.hasConnection
        ? { unset: (name: string) => connection(name, where) }
        : {}),
      ...limits,
    })
  }

  #layered(where: Where): Layered {
    const { state, extraVars, isInjecting = true } = this.#options
    const inventory = state.inventory()
    const host = hostEntry(inventory, where.host) ?? unknownHost(where.host)
    const { play, task, locals } = where
    return {
      inventory,
      host,
      state: state.host(where.host),
      play,
      task,
      locals,
      roles: play ? this.#roles(play) : [],
      folders: this.#folders,
      inventoryDirs: this.#ofInventory(inventory).dirs,
      playbookDir: play?.baseDir ?? state.facts().playbookDir,
      promptAnswers: (play && this.#answers.get(play)) ?? none,
      varsFiles: () => this.#varsFiles(where),
      extraVars,
      isInjecting,
    }
  }

  #varsFiles(where: Where): readonly ValueMap[] {
    const { play } = where
    if (!play || play.varsFiles.length === 0) return []
    const { files, templates } = this.#options
    const scope = this.#scope(where, { below: varsFilesStep })
    return findVarsFiles(play, { files, render: (name) => templates.render(name, scope) })
  }

  #magic(
    name: string,
    at: { readonly layered: Layered; readonly scope: RunScope },
  ): Value | undefined {
    const make = magicVariables.get(name)
    if (!make) return undefined
    const { layered, scope } = at
    const { inventory, host, play, task, playbookDir } = layered
    return make({
      inventory,
      host,
      play,
      task,
      playbookDir,
      groups: this.#ofInventory(inventory).groups,
      facts: layered.state.facts,
      hasGathered: layered.state.hasGathered,
      run: this.#options.state.facts(),
      omit: omitToken,
      hostvars: this.hostvars(),
      vars: scope.asWritten(),
    })
  }

  #roles(play: Play): readonly RoleUse[] {
    const known = this.#staticRoles.get(play) ?? rolesOfPlay(play)
    this.#staticRoles.set(play, known)
    const included = this.#includedRoles.get(play)
    return included ? [...known, ...included] : known
  }

  #ofInventory(inventory: Inventory) {
    const known = this.#perInventory.get(inventory)
    if (known) return known
    const made = {
      groups: groupsMap(inventory),
      dirs: this.#folders.besideSources(inventory.sources),
    }
    this.#perInventory.set(inventory, made)
    return made
  }
}

const none: ValueMap = newMap()
const varsFilesStep = 13
/** group_vars and host_vars beside the inventory and the playbook. */
const folderSteps: ReadonlySet<number> = new Set([3, 4, 5, 6, 8, 9])
/** Those that need no host: role defaults, vars, vars_prompt, vars_files, role vars, extra vars. */
const stepsOfPlay: ReadonlySet<number> = new Set([1, 11, 12, varsFilesStep, 14, 21])

/** And what a task brings with it: block vars, its own, parameters of roles and includes. */
const stepsOfInclude: ReadonlySet<number> = new Set([...stepsOfPlay, 15, 16, 19, 20])

/** Magic variables that are of a host. */
const namesOfHost: ReadonlySet<string> = new Set([
  'inventory_hostname',
  'inventory_hostname_short',
  'group_names',
  'inventory_file',
  'inventory_dir',
  'ansible_facts',
])

/** A host that no inventory has, such as one that a task delegates to: it is reached by its name. */
function unknownHost(name: string): Host {
  return { name, vars: newMap(), groups: [], source: undefined, isImplicit: true }
}
