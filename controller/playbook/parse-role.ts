import { stringifyRecord } from '../../proto/json-text.ts'
import { isList, textEntries, isMap, newMap } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import type { YamlDocument } from '../yaml.ts'
import { collectionsOf } from './collections-of.ts'
import { findRole } from './find-role.ts'
import { roleKeywords } from './keywords.ts'
import { baseDirOf, lineage, roleOf } from './lineage.ts'
import { describe } from './load-session.ts'
import type { LoadSession } from './load-session.ts'
import { asList, NodeParser } from './parse-node.ts'
import type { NodeParts } from './parse-node.ts'
import { madeTask } from './parse-task.ts'
import type { TaskParser } from './parse-task.ts'
import type { ParentNode, RoleUse, TaskNode } from './playbook.ts'
import { readRoleFolder } from './role-folder.ts'
import type { FromFiles, RoleFolder } from './role-folder.ts'

/** How a role is used, beside its name. */
export interface RoleOptions extends FromFiles {
  readonly id: string
  readonly parent: ParentNode
  readonly parts: NodeParts
  readonly params: ValueMap
  readonly isPublic: boolean
  /** Of import_role and include_role, where it is true by default; else the role's meta file says it. */
  readonly allowDuplicates: boolean | undefined
  /** Whether the arguments are checked against the role's specification. */
  readonly isChecked: boolean
  /** The variables that an include gives it. */
  readonly given?: ValueMap
}

/** A role in a role in a role: past this, roles depend on each other in a circle. */
const deepest = 100

/** Reads uses of roles: entries of `roles:` and of dependencies, and the folders they mean. */
export class RoleParser {
  readonly #session: LoadSession
  readonly #nodes: NodeParser
  readonly #tasks: () => TaskParser

  constructor(session: LoadSession, tasks: () => TaskParser) {
    this.#session = session
    this.#nodes = new NodeParser(session)
    this.#tasks = tasks
  }

  /** The entries of a play's `roles:` or of a role's `dependencies:`. */
  entries(
    list: Value | undefined,
    where: { readonly document: YamlDocument; readonly id: string; readonly parent: ParentNode },
  ): RoleUse[] {
    if (list !== undefined && list !== null && !isList(list)) {
      const text = `A malformed role declaration was encountered: a list of roles is expected, got ${describe(list)}`
      this.#session.report(where.parent.place, text)
      return []
    }
    return asList(list).flatMap((entry, index) => {
      const options = { ...where, id: `${where.id}.${index}` }
      const container = Array.isArray(list) ? list : undefined
      const place = where.document.places.ofValue(container ?? where, index)
      if (isMap(entry)) return this.#entry(entry, options)
      if (typeof entry === 'string') {
        const parts = { place, name: undefined, keywords: newMap(), vars: newMap() }
        return this.use(entry, { ...options, ...plainUse, parts, params: newMap() }) ?? []
      }
      this.#session.report(place, `a role is a name or a mapping, got ${describe(entry)}`)
      return []
    })
  }

  #entry(
    map: ValueMap,
    where: { readonly document: YamlDocument; readonly id: string; readonly parent: ParentNode },
  ): readonly RoleUse[] {
    const isParameter = (key: string) => !roleKeywords.has(key)
    const form = { title: 'Role', allowed: roleKeywords, ignored: isParameter }
    const parts = this.#nodes.parse(map, where.document, form)
    const name = map.get('role') ?? map.get('name') ?? map.get('src')
    if (typeof name !== 'string') {
      this.#session.report(parts.place, 'role definitions must contain a role name')
      return []
    }
    const params = newMap(textEntries(map).filter(([key]) => isParameter(key)))
    const use = this.use(name, { ...where, ...plainUse, parts, params })
    return use ? [use] : []
  }

  /** One use of a role. Undefined when it was not found, which has been reported. */
  use(written: string, options: RoleOptions): RoleUse | undefined {
    const { parent, parts } = options
    const name = this.#session.options.renderStatic(written, parent)
    if (roleDepth(parent) > deepest) {
      this.#session.reportMissing(parts.place, `the role "${name}" depends on itself`)
      return undefined
    }
    const outer = roleOf(parent)
    const found = findRole(
      name,
      {
        baseDir: baseDirOf(parent),
        parentRolePath: outer?.role.path,
        collections: collectionsOf(parent),
      },
      this.#session.options,
    )
    if ('searched' in found) {
      const where = found.searched.join(':')
      this.#session.reportMissing(parts.place, `the role '${name}' was not found in ${where}`)
      return undefined
    }
    return this.#build(
      readRoleFolder(this.#session, found, { from: options, usedAt: parts.place }),
      options,
    )
  }

  #build(folder: RoleFolder, options: RoleOptions): RoleUse {
    const { id, parent, parts, params, isPublic } = options
    const dependencies: RoleUse[] = []
    const tasks: TaskNode[] = []
    const handlers: TaskNode[] = []
    const use: RoleUse = {
      kind: 'role',
      id,
      ...parts,
      role: folder.role,
      params,
      dependencies,
      tasks,
      handlers,
      parent,
      isPublic,
      identity: identityOf(folder, options),
      allowDuplicates: options.allowDuplicates ?? folder.role.allowDuplicates,
    }
    dependencies.push(...this.#dependencies(folder, use))
    // Plugins of what it depends on count before its own; those of a collection's role do not count at all.
    if (folder.role.collection === undefined) this.#session.options.onFolder?.(folder.role.path)
    if (options.isChecked) tasks.push(...this.#checkTask(use, options))
    tasks.push(...this.#list(folder.tasks, use, { id: `${id}.t`, isHandler: false }))
    handlers.push(...this.#list(folder.handlers, use, { id: `${id}.h`, isHandler: true }))
    return use
  }

  #list(
    document: YamlDocument | undefined,
    use: RoleUse,
    options: { readonly id: string; readonly isHandler: boolean },
  ): readonly TaskNode[] {
    if (!document) return []
    return this.#tasks().list(document.value, { ...options, document, parent: use, role: use })
  }

  #dependencies(folder: RoleFolder, use: RoleUse): readonly RoleUse[] {
    const { meta } = folder
    if (!meta || meta.value === null) return []
    if (!isMap(meta.value)) {
      this.#session.report(meta.places.of(meta.value), 'the meta file of a role is a mapping')
      return []
    }
    const where = { document: meta, id: `${use.id}.d`, parent: use }
    return this.entries(meta.value.get('dependencies'), where)
  }

  /** The task that checks a role's parameters, which Ansible puts before the role's own. */
  #checkTask(use: RoleUse, options: RoleOptions): readonly TaskNode[] {
    // Ansible takes the file's name as it is written, so one with an ending names no entry.
    const entry = options.tasksFrom ?? 'main'
    const spec = use.role.argumentSpecs?.get(entry)
    if (!isMap(spec)) return []
    const short = spec.get('short_description')
    const name = `Validating arguments against arg spec '${entry}'`
    const map = newMap([
      ['argument_spec', spec.get('options') ?? newMap()],
      ['provided_arguments', use.params],
      [
        'validate_args_context',
        newMap([
          ['type', 'role'],
          ['name', use.role.name],
          ['argument_spec_name', entry],
          ['path', use.role.path],
        ]),
      ],
    ])
    const args = { freeForm: undefined, map, splat: undefined }
    const action = { module: 'ansible.builtin.validate_argument_spec', args }
    return [
      madeTask(
        action,
        { id: `${use.id}.v`, parent: use, role: use },
        {
          name: typeof short === 'string' ? `${name} - ${short}` : name,
          keywords: newMap([['tags', ['always']]]),
        },
      ),
    ]
  }
}

const plainUse = { isPublic: true, allowDuplicates: undefined, isChecked: true } as const

function identityOf(folder: RoleFolder, options: RoleOptions): string {
  const { params, parts, tasksFrom, varsFrom, defaultsFrom, handlersFrom } = options
  const from = [tasksFrom, varsFrom, defaultsFrom, handlersFrom].map((name) => name ?? null)
  const isInclude = options.allowDuplicates !== undefined
  // Conditions and tags of an import or include are those of the task, not of the role.
  const [when, tags] = ['when', 'tags'].map((key) =>
    isInclude ? null : (parts.keywords.get(key) ?? null),
  )
  const vars = options.given ?? parts.vars
  const all = [params, when ?? null, tags ?? null, vars, from, isInclude]
  return `${folder.role.fullName} ${stringifyRecord(all)}`
}

function roleDepth(node: ParentNode): number {
  let depth = 0
  for (const next of lineage(node)) if (next.kind === 'role') depth += 1
  return depth
}
