import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { newMap, type Value, type ValueMap } from '../../proto/value.ts'
import type { GroupNames } from '../inventory/group-names.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { matchHosts } from '../inventory/match-hosts.ts'
import type { IncludedRole, IncludedTasks, PlaybookLoader } from '../playbook/playbook-loader.ts'
import type { Play, Playbook, RoleUse, Task, TaskNode, VarsPrompt } from '../playbook/playbook.ts'
import { Undefined, type Scope } from '../template/scope.ts'
import { omitToken, Templates } from '../template/templates.ts'
import { connectionVariables } from '../vars/connection-variables.ts'
import { expandLoop } from '../vars/expand-loop.ts'
import { becomeTarget, hostTarget, type ConnectionSource } from '../vars/host-target.ts'
import type { TemplateVars } from '../vars/lookups/lookup-call.ts'
import { Lookups } from '../vars/lookups/lookups.ts'
import { isReserved } from '../vars/reserved-names.ts'
import { renderArgs, type RenderedArgs } from '../vars/render-args.ts'
import { templateVars } from '../vars/template-vars.ts'
import { Variables, type InventoryVarsOf, type Where as VariablesWhere } from '../vars/variables.ts'
import type { SourceFiles } from '../yaml/source-files.ts'
import { connectionDefaults } from './connection-defaults.ts'
import { textOf } from '../modules/arguments.ts'
import { controllerFiles } from './controller-files.ts'
import { inherited } from './keywords.ts'
import type { Language, TemplateOptions, Where } from './language.ts'
import type { BecomeTarget, HostTarget, InstalledModules, RunPlugins } from './ports.ts'
import type { RunContext } from './run-context.ts'

interface Parts {
  readonly context: RunContext
  readonly files: SourceFiles
  readonly inventory: Inventory
  readonly groupNames: GroupNames
  readonly installed: InstalledModules
  readonly plugins: RunPlugins
  readonly extraVars: ValueMap
  readonly limit: readonly string[] | undefined
  readonly warnings: readonly string[]
  readonly onWarning: (message: string) => void
  readonly loader: (knownLookups: (name: string) => boolean) => PlaybookLoader
  readonly reload: () => Promise<Inventory>
}

/** The language of one run: its files, and the variables that its state gives. */
export class RunLanguage implements Language {
  readonly loader: PlaybookLoader
  readonly inventory: Inventory
  readonly groupNames: GroupNames
  readonly installed: InstalledModules
  readonly #parts: Parts
  readonly #lookups: Lookups
  readonly #templates: Templates
  readonly #variables: Variables
  #playbooks: readonly Playbook[] = []
  /** What the implicit localhost is called. */
  #ownName: string | undefined

  constructor(parts: Parts) {
    const { context, files, extraVars, onWarning, plugins } = parts
    this.#parts = parts
    this.inventory = parts.inventory
    this.groupNames = parts.groupNames
    this.installed = parts.installed
    const { cwd, environment } = context.request
    const inventory = () => context.inventory()
    this.#lookups = new Lookups({
      files,
      inventory,
      environment,
      cwd,
      templates: () => this.#templates,
      templateVars: this.#templateVars,
      plugins,
      warn: onWarning,
    })
    this.#templates = new Templates({
      lookups: this.#lookups,
      plugins,
      files: controllerFiles({ workingFolder: cwd, environment }),
      nowMs: () => context.world.clock.nowMs(),
      warn: onWarning,
      isNative: context.config.jinja2Native,
    })
    this.#variables = new Variables({
      state: context,
      templates: this.#templates,
      files,
      extraVars,
      hashBehaviour: context.config.hashBehaviour,
      isInjecting: context.config.injectFactsAsVars,
      connection: (name, where) => this.#connectionVariable(name, where),
    })
    this.loader = parts.loader((name) => this.#lookups.has(name))
  }

  /** Once, when the playbooks have been read. */
  take(playbooks: readonly Playbook[]): void {
    this.#playbooks = playbooks
  }

  /** A playbook or a role is read: its filters and the like count from now on. */
  addPluginsOf(folder: string): void {
    if (this.#parts.plugins.addFolder(folder)) this.#templates.forgetPlugins()
  }

  get playbooks(): readonly Playbook[] {
    return this.#playbooks
  }

  get warnings(): readonly string[] {
    return this.#parts.warnings
  }

  match(pattern: string | readonly string[], inventory: Inventory): readonly string[] {
    const { limit, onWarning } = this.#parts
    const options = { onWarning, ...(limit === undefined ? {} : { limit }) }
    return matchHosts(inventory, pattern, options).map((name) => {
      if (inventory.hosts.has(name)) return name
      // This machine has one name in a run, the first that it was asked for by.
      this.#ownName ??= name
      return this.#ownName
    })
  }

  loadTasks(
    file: string,
    parent: Task,
    role: RoleUse | undefined,
    options: IncludedTasks,
  ): readonly TaskNode[] {
    return this.loader.loadTaskFile(file, parent, role, options)
  }

  loadRole(name: string, parent: Task, options: IncludedRole): RoleUse {
    return this.loader.loadRole(name, parent, options)
  }

  makePublic(play: Play, use: RoleUse): void {
    this.#variables.addPublicRole(play, use)
  }

  loadVars(file: string): Value {
    return this.#parts.files.parse(file).value ?? newMap()
  }

  scope(where: Where): Scope {
    return this.#variables.scope(where)
  }

  scopeOfPlay(play: Play, include?: Task): Scope {
    return this.#variables.scopeOfPlay(play, include)
  }

  readVarsFiles(where: Where): ErrandError | undefined {
    try {
      this.#variables.readFolders(where)
    } catch (cause) {
      return new ErrandError('syntax', sentenceOf(cause), { cause })
    }
    try {
      this.#variables.scope(where).hasName(nobodysName)
    } catch (cause) {
      if (cause instanceof ErrandError && cause.code === 'syntax') throw cause
      if (cause instanceof ErrandError && cause.code === 'not_found') return cause
      throw new ErrandError('invalid', sentenceOf(cause), { cause })
    }
    return undefined
  }

  checkNames(where: Where): void {
    for (const name of this.#variables.namesOfPlay(where)) {
      if (isReserved(name)) this.#parts.onWarning(`Found variable using reserved name: ${name}`)
    }
  }

  render(value: Value, scope: Scope): Value {
    return this.#templates.render(value, scope)
  }

  /**
   * Renders with what is known while files are still being read. The play is not whole yet, and what is remembered of
   * it now would be wrong later: hence variables of its own.
   */
  renderEarly(value: Value, play: Play): Value {
    const { context, files, extraVars } = this.#parts
    const variables = new Variables({
      state: context,
      templates: this.#templates,
      files,
      extraVars,
      hashBehaviour: context.config.hashBehaviour,
      isInjecting: context.config.injectFactsAsVars,
    })
    return this.#templates.render(value, variables.scopeOfPlay(play))
  }

  /** Renders with the extra variables alone. */
  renderBare(value: Value): Value {
    const { extraVars } = this.#parts
    return this.#templates.render(value, {
      resolve: (name) => extraVars.get(name) ?? new Undefined(`'${name}' is undefined`),
    })
  }

  test(condition: Value, scope: Scope): boolean {
    return this.#templates.test(condition, scope)
  }

  renderFile(path: string, options: TemplateOptions): string {
    const { scope, settings, src, dest, searchPath } = options
    const vars = this.#templateVars({ name: src, path, dest })
    const text = this.#parts.files.readText(path)
    const find = (name: string): string | undefined => {
      const places = [
        dirname(path),
        ...searchPath.flatMap((folder) => [resolve(folder, 'templates'), folder]),
      ]
      const found = places.map((folder) => resolve(folder, name)).find((one) => existsSync(one))
      return found === undefined ? undefined : this.#parts.files.readText(found)
    }
    const inner: Scope = {
      resolve: (name) => (vars.has(name) ? (vars.get(name) ?? null) : scope.resolve(name)),
      isText: (name) => scope.isText?.(name) ?? false,
      isUnsafe: (name) => scope.isUnsafe?.(name) ?? true,
    }
    return this.#templates.renderFile(text, inner, {
      name: path,
      include: find,
      ...fileSettings(settings),
    })
  }

  args(task: Task, scope: Scope): RenderedArgs {
    return renderArgs(task, { scope, templates: this.#templates })
  }

  loopItems(task: Task, scope: Scope): readonly Value[] {
    return expandLoop(task, { scope, templates: this.#templates, lookups: this.#lookups }) ?? []
  }

  target(host: string, where: Where): HostTarget {
    return hostTarget(host, this.#connection(host, where))
  }

  become(host: string, where: Where): BecomeTarget | undefined {
    return becomeTarget(host, this.#connection(host, where))
  }

  inventoryVars(name: string, of: InventoryVarsOf): ValueMap {
    return this.#variables.inventoryVars(name, of)
  }

  inventoryGroupVars(name: string, of: Pick<InventoryVarsOf, 'hasPlaybook'>): ValueMap {
    return this.#variables.inventoryGroupVars(name, of)
  }

  isExtraVar(name: string): boolean {
    return this.#parts.extraVars.has(name)
  }

  answerPrompts(play: Play, answers: ValueMap): void {
    this.#variables.answerPrompts(play, answers)
  }

  encrypt(
    text: string,
    { encrypt = '', salt, saltSize }: Pick<VarsPrompt, 'encrypt' | 'salt' | 'saltSize'>,
  ): Value {
    const names = newMap([
      ['text', text],
      ['kind', encrypt.replace(/_crypt$/u, '')],
      ['salt', salt ?? null],
      ['size', saltSize ?? null],
    ])
    return this.#templates.render(
      '{{ text | ansible.builtin.password_hash(kind, salt=salt, salt_size=size) }}',
      {
        resolve: (name) => names.get(name) ?? null,
      },
    )
  }

  reloadInventory(): Promise<Inventory> {
    return this.#parts.reload()
  }

  readonly #templateVars: TemplateVars = (file) => {
    const { config, world } = this.#parts.context
    return templateVars({ ...file, managed: config.ansibleManaged, nowMs: world.clock.nowMs() })
  }

  /** Of the host that the task is delegated to, else of its own. */
  #connectionVariable(
    name: string,
    { host, play, task, locals }: VariablesWhere,
  ): Value | undefined {
    const read = connectionVariables.get(name)
    if (!read || !play || !task) return undefined
    const where = { host, play, task, ...(locals === undefined ? {} : { locals }) }
    const delegate = inherited(task, 'delegate_to') ?? null
    const rendered = delegate === null ? '' : this.render(delegate, this.scope(where))
    const isOwn = rendered === '' || rendered === null || rendered === omitToken
    const on = isOwn ? host : textOf(rendered)
    return read(on, this.#connection(on, where))
  }

  #connection(host: string, where: Where): ConnectionSource {
    const { request, config } = this.#parts.context
    return {
      scope: this.scope({ ...where, host, hasConnection: false }),
      node: where.task ?? where.play,
      templates: this.#templates,
      flags: request.connection,
      defaults: connectionDefaults(config),
      isImplicit: !this.#parts.context.inventory().hosts.has(host),
      cwd: request.cwd,
    }
  }
}

/** Looking for a name that nobody has looks everywhere. */
const nobodysName = ' '

function fileSettings(settings: ValueMap) {
  const read = (name: string) => {
    const value = settings.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const given = {
    trimBlocks: settings.get('trim_blocks') !== false,
    lstripBlocks: settings.get('lstrip_blocks') === true,
    newlineSequence: read('newline_sequence'),
    variableStart: read('variable_start_string'),
    variableEnd: read('variable_end_string'),
    blockStart: read('block_start_string'),
    blockEnd: read('block_end_string'),
    commentStart: read('comment_start_string'),
    commentEnd: read('comment_end_string'),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
