import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { basename, normalize, resolve } from 'node:path'
import { textEntries, isList, isMap, newMap } from '../../proto/value.ts'
import type { MutableMap, Value, ValueMap } from '../../proto/value.ts'
import { findTaskFile } from './find-task-file.ts'
import { baseDirOf, taskFilesOf } from './lineage.ts'
import type { LoadSession, Where } from './load-session.ts'
import { asList } from './parse-node.ts'
import { RoleParser } from './parse-role.ts'
import { TaskParser } from './parse-task.ts'
import type { Imports } from './parse-task.ts'
import { listKeywords, structureKeywords } from './keywords.ts'
import type { Block, ParentNode, RoleUse, Task, TaskNode } from './playbook.ts'
import type { Place } from '../yaml/place.ts'
import type { FromFiles } from './role-folder.ts'

/** What an include comes to whose file holds something else. */
export const noListOfTasks = 'included task files must contain a list of tasks'

/** Past this many files that bring in each other, they do so in a circle. */
const deepest = 100

interface Brought {
  readonly parent: ParentNode
  readonly role: RoleUse | undefined
  readonly apply?: ValueMap
  readonly isHandler?: boolean
  readonly instance?: string
}

/** Follows import_tasks and import_role, and reads what include_tasks and include_role name. */
export class ImportResolver implements Imports {
  readonly #session: LoadSession
  readonly tasks: TaskParser
  readonly roles: RoleParser

  constructor(session: LoadSession) {
    this.#session = session
    this.tasks = new TaskParser(session, this)
    this.roles = new RoleParser(session, () => this.tasks)
  }

  importTasks(task: Task, where: Where): readonly TaskNode[] {
    const written = this.#fileName(task)
    if (written === undefined || this.#hasLoop(task)) return []
    const name = this.#renderedPath(written, task)
    if (name === undefined) return []
    const { id, place, keywords, vars } = task
    const { parent, role, isHandler } = where
    return this.#file(name, { id, place, keywords, vars, parent, role, isHandler })
  }

  importRole(task: Task, where: Where): readonly TaskNode[] {
    if (this.#hasLoop(task)) return []
    const choice = this.#roleChoice(task)
    if (!choice) return []
    const { id, place, name, keywords, vars } = task
    const use = this.roles.use(choice.name, {
      id,
      parent: where.parent,
      parts: { place, name, keywords: newMap(keywords), vars },
      params: newMap(),
      isPublic: true,
      ...choice,
    })
    return use ? [use] : []
  }

  /** The block of a file that a run includes; nothing for a file without a word in it. */
  includeTasks(name: string, to: Brought): readonly TaskNode[] {
    const { parent, role, isHandler = false } = to
    return this.#file(name, {
      id: `${parent.id}${suffix(to.instance)}.i`,
      place: parent.place,
      keywords: applied(to.apply),
      vars: appliedVars(to.apply),
      parent,
      role,
      isHandler,
    })
  }

  /** The role that a run includes. */
  includeRole(
    name: string,
    to: FromFiles & {
      readonly parent: ParentNode
      readonly isPublic?: boolean
      readonly allowDuplicates?: boolean
      readonly isChecked?: boolean
      readonly apply?: ValueMap
      readonly instance?: string
      readonly given?: ValueMap
    },
  ): RoleUse | undefined {
    const { parent, isPublic = false, allowDuplicates = true, isChecked = true } = to
    return this.roles.use(name, {
      ...to,
      id: `${parent.id}${suffix(to.instance)}.r`,
      parts: {
        place: parent.place,
        name: undefined,
        keywords: applied(to.apply),
        vars: appliedVars(to.apply),
      },
      params: newMap(),
      isPublic,
      allowDuplicates,
      isChecked,
    })
  }

  #fileName(task: Task): string | undefined {
    const file = task.args.freeForm ?? task.args.map.get('file')
    if (typeof file === 'string' && file !== '') return file.trim()
    this.#session.report(task.place, `No file specified for ${task.module}`)
    return undefined
  }

  #renderedPath(written: string, task: Task): string | undefined {
    try {
      return this.#session.options.renderStatic(written, task.parent)
    } catch (error) {
      this.#session.report(
        task.place,
        `Error when evaluating variable in import path: ${written}: ${sentenceOf(error)}. An import is read before anything runs: its path takes variables of the play, its vars_files and -e only`,
      )
      return undefined
    }
  }

  #hasLoop(task: Task): boolean {
    if (!task.loop) return false
    const dynamic = task.module.replace('import_', 'include_')
    this.#session.report(
      task.place,
      `You cannot use loops on '${task.module}' statements. You should use '${dynamic}' instead.`,
    )
    return true
  }

  #roleChoice(task: Task) {
    const { map } = task.args
    const name = map.get('name') ?? map.get('role')
    if (typeof name !== 'string') return undefined
    // Ansible drops the folders of these names here, and keeps them for include_role.
    const text = (key: string) => {
      const value = map.get(key)
      return typeof value === 'string' ? basename(value) : undefined
    }
    return {
      name,
      tasksFrom: text('tasks_from'),
      varsFrom: text('vars_from'),
      defaultsFrom: text('defaults_from'),
      handlersFrom: text('handlers_from'),
      allowDuplicates: map.get('allow_duplicates') !== false,
      isChecked: map.get('rolespec_validate') !== false,
    }
  }

  #file(
    name: string,
    to: {
      readonly id: string
      readonly place: Place
      readonly keywords: ValueMap
      readonly vars: ValueMap
      readonly parent: ParentNode
      readonly role: RoleUse | undefined
      readonly isHandler: boolean
    },
  ): readonly TaskNode[] {
    const { parent, role, isHandler, ...parts } = to
    const path = findTaskFile({ name, parent, role, isHandler }, this.#session.options.files)
    if (path === undefined) {
      const looked = resolve(baseDirOf(parent), name)
      this.#session.reportMissing(
        to.place,
        `there is no file of tasks "${name}", neither around the file that names it nor at ${looked}`,
      )
      return []
    }
    if (taskFilesOf(parent).length > deepest) {
      this.#session.report(to.place, `${path} brings itself in`)
      return []
    }
    const block: TaskNode[] = []
    const node: Block = {
      kind: 'block',
      ...parts,
      name: undefined,
      block,
      rescue: [],
      always: [],
      parent,
      role,
      file: path,
      fileName: name,
    }
    const document = this.#session.open(normalize(path))
    const isImport = parent.kind !== 'task'
    if (document.value === null || (isImport && isList(document.value) && !document.value.length)) {
      if (isImport) this.#session.options.warn(`file ${path} is empty and had no tasks to include`)
      return []
    }
    if (!isImport && !isList(document.value)) {
      throw new ErrandError('not_found', noListOfTasks)
    }
    block.push(
      ...this.tasks.list(document.value, { document, id: to.id, parent: node, role, isHandler }),
    )
    return isHandler ? flatHandlers(node) : [node]
  }
}

/** Handlers of a file stay in its block, which is no handler itself but gives them its keywords. */
function flatHandlers(node: Block): readonly TaskNode[] {
  return node.block
}

function suffix(instance: string | undefined): string {
  return instance === undefined ? '' : `.${instance}`
}

function applied(apply: ValueMap | undefined): MutableMap {
  const keywords = newMap()
  for (const [key, value] of textEntries(apply ?? newMap())) {
    if (!structureKeywords.has(key))
      keywords.set(key, listKeywords.has(key) ? asList(value) : value)
  }
  return keywords
}

function appliedVars(apply: ValueMap | undefined): ValueMap {
  const vars: Value | undefined = apply?.get('vars')
  return isMap(vars) ? vars : newMap()
}
