import { dirname, resolve } from 'node:path'
import { existsSync } from 'node:fs'
import { ErrandError } from '../../proto/errors.ts'
import { isList, isMap, newMap, type Value, type ValueMap } from '../../proto/value.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { matchHosts } from '../inventory/match-hosts.ts'
import { readBool, textOf } from '../modules/arguments.ts'
import type { IncludedRole, IncludedTasks, PlaybookLoader } from '../playbook/playbook-loader.ts'
import type { Play, Playbook, RoleUse, Task, TaskNode } from '../playbook/playbook.ts'
import { readVarsFile } from '../playbook/vars-files.ts'
import { Undefined, type LookupPort, type Scope } from '../template/scope.ts'
import { dropOmitted, Templates } from '../template/templates.ts'
import { Variables } from '../vars/variables.ts'
import type { SourceFiles } from '../yaml/source-files.ts'
import { inherited } from './keywords.ts'
import type { Language, RenderedArgs, TemplateOptions, Where } from './language.ts'
import type { BecomeTarget, HostTarget } from './ports.ts'
import type { RunContext } from './run-context.ts'

interface Parts {
  readonly context: RunContext
  readonly files: SourceFiles
  readonly inventory: Inventory
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
  readonly #parts: Parts
  readonly #templates: Templates
  readonly #variables: Variables
  #playbooks: readonly Playbook[] = []

  constructor(parts: Parts) {
    const { context, files, extraVars, onWarning } = parts
    this.#parts = parts
    this.inventory = parts.inventory
    const lookups: LookupPort = noLookups
    this.#templates = new Templates({
      lookups,
      nowMs: () => context.world.clock.nowMs(),
      warn: onWarning,
    })
    this.#variables = new Variables({
      state: context,
      templates: this.#templates,
      files,
      extraVars,
    })
    this.loader = parts.loader(() => true)
  }

  /** Once, when the playbooks have been read. */
  take(playbooks: readonly Playbook[]): void {
    this.#playbooks = playbooks
  }

  get playbooks(): readonly Playbook[] {
    return this.#playbooks
  }

  get warnings(): readonly string[] {
    return this.#parts.warnings
  }

  match(pattern: string, inventory: Inventory): readonly string[] {
    const { limit, onWarning } = this.#parts
    return matchHosts(inventory, pattern, { onWarning, ...(limit === undefined ? {} : { limit }) })
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

  loadVars(file: string): ValueMap {
    return readVarsFile(this.#parts.files, file)
  }

  scope(where: Where): Scope {
    return this.#variables.scope(where)
  }

  render(value: Value, scope: Scope): Value {
    return this.#templates.render(value, scope)
  }

  /** Renders with the extra variables alone. */
  renderBare(value: Value): Value {
    const { extraVars } = this.#parts
    return this.#templates.render(value, {
      resolve: (name) => extraVars[name] ?? new Undefined(`'${name}' is undefined`),
    })
  }

  test(condition: Value, scope: Scope): boolean {
    return this.#templates.test(condition, scope)
  }

  renderFile(path: string, options: TemplateOptions): string {
    const { scope, settings, vars, searchPath } = options
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
      resolve: (name) => (Object.hasOwn(vars, name) ? (vars[name] ?? null) : scope.resolve(name)),
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
    const { freeForm, map, splat } = task.args
    const spread = splat === undefined ? newMap() : this.render(splat, scope)
    if (!isMap(spread))
      throw new ErrandError('invalid', `invalid or malformed argument: '${textOf(spread)}'`)
    const rendered = dropOmitted(
      this.render(newMap([...Object.entries(spread), ...Object.entries(map)]), scope),
    )
    return {
      freeForm: freeForm === undefined ? undefined : textOf(this.render(freeForm, scope)),
      map: isMap(rendered) ? rendered : newMap(),
    }
  }

  loopItems(task: Task, scope: Scope): readonly Value[] {
    const { loop } = task
    if (!loop) return []
    const items = this.render(loop.source, scope)
    if (loop.kind === 'with' && loop.lookup === 'items') {
      return (isList(items) ? items : [items]).flatMap((item) => (isList(item) ? item : [item]))
    }
    if (loop.kind === 'with')
      throw new ErrandError('unsupported', `with_${loop.lookup ?? ''} is not there yet`)
    if (isList(items)) return items
    throw new ErrandError(
      'invalid',
      `Invalid data passed to 'loop', it requires a list, got this instead: ${textOf(items)}. Hint: If you passed a ` +
        'list/dict of just one element, try adding wantlist=True to your lookup invocation or use q/query instead of lookup.',
    )
  }

  target(host: string, where: Where): HostTarget {
    const scope = this.scope({ ...where, host })
    const read = (...names: readonly string[]) => this.#first(scope, names)
    const flags = this.#parts.context.request.connection
    const isLocal =
      (read('ansible_connection') ?? keywordText(where, 'connection') ?? flags.connection) ===
      'local'
    const port = read('ansible_port', 'ansible_ssh_port')
    return {
      name: host,
      connection: isLocal ? 'local' : 'ssh',
      address: read('ansible_host', 'ansible_ssh_host') ?? host,
      sshPort: port === undefined ? undefined : Number(port),
      user:
        read('ansible_user', 'ansible_ssh_user') ?? keywordText(where, 'remote_user') ?? flags.user,
      password: read('ansible_password', 'ansible_ssh_pass') ?? flags.sshPassword,
      privateKeyFile: read('ansible_ssh_private_key_file') ?? flags.privateKeyFile,
      privateKeyPassphrase: undefined,
      sshCommonArgs: read('ansible_ssh_common_args') ?? flags.sshCommonArgs,
      agentPort: Number(read('errand_port') ?? 7433),
      become: undefined,
      timeoutMs: (flags.timeoutSeconds ?? 10) * 1000,
    }
  }

  become(where: Where): BecomeTarget | undefined {
    const scope = this.scope(where)
    const { task } = where
    const flags = this.#parts.context.request.connection
    const written =
      this.#first(scope, ['ansible_become']) ?? (task && inherited(task, 'become')) ?? flags.become
    if (readBool(this.render(written, scope)) !== true) return undefined
    const user =
      this.#first(scope, ['ansible_become_user']) ??
      keywordText(where, 'become_user') ??
      flags.becomeUser ??
      'root'
    return {
      method: 'sudo',
      user: textOf(this.render(user, scope)),
      password: flags.becomePassword,
      flags: undefined,
    }
  }

  reloadInventory(): Promise<Inventory> {
    return this.#parts.reload()
  }

  #first(scope: Scope, names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = scope.resolve(name)
      if (!(value instanceof Undefined) && value !== null) return textOf(value)
    }
    return undefined
  }
}

function keywordText(where: Where, name: string): string | undefined {
  const value = inherited(where.task ?? where.play, name)
  return value === undefined || value === null ? undefined : textOf(value)
}

function fileSettings(settings: ValueMap) {
  const read = (name: string) => (typeof settings[name] === 'string' ? settings[name] : undefined)
  const given = {
    trimBlocks: settings['trim_blocks'] !== false,
    lstripBlocks: settings['lstrip_blocks'] === true,
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

const noLookups: LookupPort = {
  lookup: (name) => {
    throw new ErrandError('unsupported', `the lookup ${name} is not there yet`)
  },
}
