import { textKeys, isList, isMap, newMap } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import type { YamlDocument } from '../yaml.ts'
import { collectionsOf } from './collections-of.ts'
import { blockKeywords, handlerKeywords, includeKeywords, taskKeywords } from './keywords.ts'
import { lineage } from './lineage.ts'
import { describe } from './load-session.ts'
import type { LoadSession, Where } from './load-session.ts'
import { canonicalModule, languageActions } from './module-names.ts'
import { nearest, suggestion } from './nearest.ts'
import { parseAction, parseModuleArgs } from './parse-args.ts'
import type { Action } from './parse-args.ts'
import type { Place } from '../yaml/place.ts'
import { NodeParser, isVariableName } from './parse-node.ts'
import type { Block, Loop, Task, TaskNode } from './playbook.ts'

/** Brings in what static imports name. */
export interface Imports {
  importTasks(task: Task, where: Where): readonly TaskNode[]
  importRole(task: Task, where: Where): readonly TaskNode[]
}

/** Reads lists of tasks, blocks and handlers. */
export class TaskParser {
  readonly #session: LoadSession
  readonly #nodes: NodeParser
  readonly #imports: Imports

  constructor(session: LoadSession, imports: Imports) {
    this.#session = session
    this.#nodes = new NodeParser(session)
    this.#imports = imports
  }

  /** The nodes of a list of tasks; each has `where.id` + `.` + its index for id. */
  list(
    value: Value | undefined,
    where: Where,
    place = where.document.places.of(value),
  ): TaskNode[] {
    if (value === null || value === undefined) return []
    if (!isList(value)) {
      this.#session.report(place, `expected a list of tasks, got ${describe(value)}`)
      return []
    }
    return value.flatMap((item, index) => {
      const id = `${where.id}.${index}`
      if (isMap(item)) return this.node(item, { ...where, id })
      this.#session.report(
        where.document.places.ofValue(value, index),
        `a task is a mapping, got ${describe(item)}`,
      )
      return []
    })
  }

  /** The nodes that one entry stands for: several when it imports. */
  node(map: ValueMap, where: Where): readonly TaskNode[] {
    if (map.has('block')) return this.#block(map, where)
    const section = ['rescue', 'always'].find((key) => map.has(key))
    if (section !== undefined) {
      const text = `'${section}' keyword cannot be used without 'block'`
      this.#session.report(where.document.places.of(map), text)
      return []
    }
    const task = this.task(map, where)
    if (!task) return []
    const module = canonicalModule(task.module)
    if (where.isHandler && (module === 'include_role' || module === 'import_role')) {
      this.#session.report(task.place, `Using '${task.module}' as a handler is not supported.`)
      return []
    }
    if (module === 'import_tasks') return this.#imports.importTasks(task, where)
    if (module === 'import_role') return this.#imports.importRole(task, where)
    if (module !== 'include') return [task]
    const old = oldInclude(task)
    return isStaticInclude(old) ? this.#imports.importTasks(old, where) : [old]
  }

  #block(map: ValueMap, where: Where): readonly TaskNode[] {
    const { document } = where
    if (where.isHandler) {
      this.#session.report(document.places.of(map), 'a block cannot be a handler')
      return []
    }
    const form = { title: 'Block', allowed: blockKeywords, ignored: () => false }
    const parts = this.#nodes.parse(map, document, form)
    const lists = { block: [] as TaskNode[], rescue: [] as TaskNode[], always: [] as TaskNode[] }
    const { id, parent, role } = where
    const none = { file: undefined, fileName: undefined }
    const block: Block = { kind: 'block', id, ...parts, ...lists, parent, role, ...none }
    for (const section of ['block', 'rescue', 'always'] as const) {
      if (!map.has(section)) continue
      const inner = { ...where, id: `${id}.${section.charAt(0)}`, parent: block }
      lists[section].push(
        ...this.list(map.get(section), inner, document.places.ofValue(map, section)),
      )
    }
    return [block]
  }

  /** One task, imports not followed; undefined when it has no module. */
  task(map: ValueMap, where: Where): Task | undefined {
    const action = this.#action(map, where)
    if (!action) return undefined
    const module = canonicalModule(action.module)
    const parts = this.#nodes.parse(map, where.document, {
      title: where.isHandler ? 'Handler' : 'Task',
      allowed: where.isHandler ? handlerKeywords : taskKeywords,
      ignored: (key) => key === action.module || isWith(key) || this.#isModule(key, where),
    })
    if (map.has('local_action')) parts.keywords.set('delegate_to', 'localhost')
    this.#checkInclude(map, where, module)
    this.#checkOptions(action, parts.place)
    this.#checkRegister(map, where.document)
    const { id, isHandler, parent, role } = where
    const loop = this.#loop(map, where.document)
    const fullName = this.#inCollection(action.module, where)
    return { kind: 'task', id, ...parts, isHandler, ...action, fullName, loop, parent, role }
  }

  #isModule(key: string, where: Where): boolean {
    const isKeyword = handlerKeywords.has(key) || isWith(key)
    if (isKeyword) return false
    if (languageActions.has(canonicalModule(key))) return true
    return this.#session.options.knownModules(key) || this.#inCollection(key, where) !== undefined
  }

  /** The full name of a module that a collection around the task has. */
  #inCollection(name: string, { parent }: Where): string | undefined {
    if (name.includes('.') || languageActions.has(name)) return undefined
    return collectionsOf(parent)
      .map((collection) => `${collection}.${name}`)
      .find((full) => this.#session.options.knownModules(full))
  }

  #action(map: ValueMap, where: Where): Action | undefined {
    const { document } = where
    const old = ['action', 'local_action'].filter((key) => map.has(key))
    const modules = textKeys(map).filter((key) => this.#isModule(key, where))
    const [key, second] = [...old, ...modules]
    if (second !== undefined) {
      this.#session.report(
        document.places.ofKey(map, second),
        `conflicting action statements: ${key ?? ''}, ${second}`,
      )
      return undefined
    }
    if (key === undefined) return this.#noAction(map, document)
    try {
      const isOld = key === 'action' || key === 'local_action'
      const thing = map.get(key) ?? null
      return isOld ? this.#oldAction(map, where, key) : parseModuleArgs(key, thing, map.get('args'))
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      this.#session.report(document.places.ofValue(map, key), error.message)
      return undefined
    }
  }

  #oldAction(map: ValueMap, where: Where, key: string): Action | undefined {
    const { document } = where
    const action = parseAction(map.get(key) ?? null, map.get('args'))
    if (this.#isModule(action.module, where) || action.module.includes('{{')) return action
    this.#session.report(document.places.ofValue(map, key), this.#unknownModule(action.module))
    return undefined
  }

  #noAction(map: ValueMap, document: YamlDocument): undefined {
    const unknown = textKeys(map).filter((key) => !handlerKeywords.has(key) && !isWith(key))
    if (unknown.length === 0) {
      this.#session.report(document.places.of(map), 'no module/action detected in task')
    }
    for (const key of unknown) {
      this.#session.report(document.places.ofKey(map, key), this.#unknownModule(key))
    }
    return undefined
  }

  #unknownModule(name: string): string {
    const keyword = nearest(name, handlerKeywords)
    const module = this.#session.options.nearestModule(name)
    const what = keyword !== undefined && module === undefined ? 'keyword' : 'module'
    return `unknown ${what} "${name}"${suggestion(module ?? keyword)}`
  }

  #checkInclude(map: ValueMap, where: Where, module: string): void {
    if (module !== 'include_tasks' && module !== 'include_role') return
    const title =
      module === 'include_role'
        ? 'IncludeRole'
        : where.isHandler
          ? 'HandlerTaskInclude'
          : 'TaskInclude'
    for (const key of textKeys(map)) {
      if (includeKeywords.has(key) || isWith(key) || !handlerKeywords.has(key)) continue
      this.#session.report(
        where.document.places.ofKey(map, key),
        `'${key}' is not a valid attribute for a ${title}`,
      )
    }
  }

  #checkOptions({ module, args }: Action, place: Place): void {
    const known = includeOptions.get(canonicalModule(module))
    if (!known) return
    const unknown = textKeys(args.map).filter((key) => !known.includes(key))
    if (unknown.length > 0) {
      this.#session.report(place, `Invalid options for ${module}: ${unknown.join(',')}`)
    }
    const isRole = known.includes('role')
    const isNamed = args.splat !== undefined || args.map.has('name') || args.map.has('role')
    if (isRole && !isNamed) {
      this.#session.report(place, `'name' is a required field for ${module}.`)
    }
  }

  #checkRegister(map: ValueMap, document: YamlDocument): void {
    const name = map.get('register')
    if (name === undefined || name === null) return
    if (typeof name === 'string' && (isVariableName(name) || name.includes('{{'))) return
    this.#session.report(
      document.places.ofValue(map, 'register'),
      `Invalid variable name in 'register' specified: ${describe(name)}`,
    )
  }

  #loop(map: ValueMap, document: YamlDocument): Loop | undefined {
    const keys = textKeys(map).filter((key) => key === 'loop' || isWith(key))
    const [key, second] = keys
    if (key === undefined) return undefined
    const place = document.places.ofKey(map, second ?? key)
    if (second !== undefined) this.#session.report(place, `duplicate loop in task: ${second}`)
    const source = map.get(key) ?? null
    // `loop:` with nothing behind it is no loop.
    if (key === 'loop' && source === null) return undefined
    if (key === 'loop') return { kind: 'loop', lookup: undefined, source }
    const lookup = key.slice('with_'.length)
    if (!this.#session.options.knownLookups(lookup)) {
      this.#session.report(place, `there is no lookup "${lookup}" for "${key}"`)
    }
    if (source === null) {
      this.#session.report(place, `you must specify a value when using ${key}`)
    }
    return { kind: 'with', lookup, source }
  }
}

const roleOptions = [
  'name',
  'role',
  'tasks_from',
  'vars_from',
  'defaults_from',
  'handlers_from',
  'allow_duplicates',
  'rolespec_validate',
]

/** What includes and imports take beside free text. */
const includeOptions: ReadonlyMap<string, readonly string[]> = new Map([
  ['include_tasks', ['file', 'apply']],
  ['import_tasks', ['file']],
  ['include_role', [...roleOptions, 'apply', 'public']],
  ['import_role', roleOptions],
])

/** The arguments of `include: FILE k=v`, as it was before include_tasks, are variables of what it brings in. */
function oldInclude(task: Task): Task {
  const isOption = ([key]: readonly [Value, Value]) => key === 'file' || key === 'apply'
  const given = [...task.args.map].filter((entry) => !isOption(entry))
  const args = { ...task.args, map: newMap([...task.args.map].filter(isOption)) }
  return { ...task, args, vars: newMap([...task.vars, ...given]) }
}

/** Such an include is an import where its file is known before anything runs. */
function isStaticInclude({ args, loop, parent }: Task): boolean {
  const file = args.freeForm ?? args.map.get('file')
  const isNamed = typeof file === 'string' && !/\{[{%#]/u.test(file)
  return isNamed && !loop && [...lineage(parent)].every(({ kind }) => kind !== 'task')
}

function isWith(key: string): boolean {
  return key.startsWith('with_')
}

/** A task that no file holds: what `errand exec` and a role's argument_specs add. */
export function madeTask(
  action: Action,
  where: Pick<Where, 'id' | 'parent' | 'role'>,
  options: { readonly name?: string; readonly keywords?: ValueMap } = {},
): Task {
  return {
    kind: 'task',
    id: where.id,
    place: where.parent.place,
    name: options.name,
    keywords: options.keywords ?? newMap(),
    vars: newMap(),
    isHandler: false,
    ...action,
    fullName: undefined,
    loop: undefined,
    parent: where.parent,
    role: where.role,
  }
}
