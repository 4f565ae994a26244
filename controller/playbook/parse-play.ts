import { dirname } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { textKeys, textEntries, isList, isMap, newMap } from '../../proto/value.ts'
import type { MutableMap, Value, ValueMap } from '../../proto/value.ts'
import { pythonRepr } from '../template/templates.ts'
import type { Place } from '../yaml/place.ts'
import type { YamlDocument } from '../yaml.ts'
import { onlyTaskKeywords, playKeywords, taskKeywords } from './keywords.ts'
import { describe, type LoadSession } from './load-session.ts'
import { canonicalModule, languageActions } from './module-names.ts'
import { nearest } from './nearest.ts'
import { asList, NodeParser } from './parse-node.ts'
import type { RoleParser } from './parse-role.ts'
import type { TaskParser } from './parse-task.ts'
import type { Play, RoleUse, TaskNode, VarsPrompt } from './playbook.ts'

/** What an import_playbook adds to each play that it brings in. */
export interface PlayContext {
  readonly when: readonly Value[]
  readonly tags: readonly Value[]
  readonly vars: ValueMap
}

/** Reads a play; a module that stands straight in it makes it a play of one task. */
export class PlayParser {
  readonly #session: LoadSession
  readonly #nodes: NodeParser
  readonly #tasks: TaskParser
  readonly #roles: RoleParser

  constructor(
    session: LoadSession,
    parsers: { readonly tasks: TaskParser; readonly roles: RoleParser },
  ) {
    this.#session = session
    this.#nodes = new NodeParser(session)
    this.#tasks = parsers.tasks
    this.#roles = parsers.roles
  }

  parse(
    map: ValueMap,
    document: YamlDocument,
    at: { readonly id: string; readonly context: PlayContext },
  ): Play {
    const { id, context } = at
    const isOneTask = this.#hasModule(map)
    const parts = this.#nodes.parse(map, document, {
      title: 'Play',
      allowed: playKeywords,
      ignored: (key) => isOneTask && this.#isOfTask(key),
    })
    this.#renameUser(parts.keywords)
    addContext(parts.keywords, context)
    const vars = newMap([...parts.vars, ...context.vars])
    const lists = {
      preTasks: [] as TaskNode[],
      tasks: [] as TaskNode[],
      postTasks: [] as TaskNode[],
      handlers: [] as TaskNode[],
    }
    const roles: RoleUse[] = []
    const play: Play = {
      kind: 'play',
      id,
      ...parts,
      vars,
      hosts: this.#hosts(map, document),
      varsFiles: asList(map.get('vars_files')),
      varsPrompt: this.#prompts(map, document),
      ...lists,
      roles,
      baseDir: dirname(document.file),
    }
    this.#fill(play, { map, document, lists, roles })
    if (isOneTask) lists.tasks.push(...this.#oneTask(map, document, play))
    return play
  }

  #fill(
    play: Play,
    to: {
      readonly map: ValueMap
      readonly document: YamlDocument
      readonly lists: Record<'preTasks' | 'tasks' | 'postTasks' | 'handlers', TaskNode[]>
      readonly roles: RoleUse[]
    },
  ): void {
    const { map, document, lists, roles } = to
    const section = (key: string, isHandler: boolean) => {
      if (!map.has(key)) return []
      const where = { document, id: `${play.id}.${key}`, parent: play, role: undefined, isHandler }
      return this.#tasks.list(map.get(key), where, document.places.ofValue(map, key))
    }
    roles.push(
      ...this.#roles.entries(map.get('roles'), { document, id: `${play.id}.roles`, parent: play }),
    )
    lists.preTasks.push(...section('pre_tasks', false))
    lists.tasks.push(...section('tasks', false))
    lists.postTasks.push(...section('post_tasks', false))
    lists.handlers.push(...section('handlers', true))
  }

  #hasModule(map: ValueMap): boolean {
    return textKeys(map).some((key) => this.#isAction(key))
  }

  #isAction(key: string): boolean {
    if (key === 'action' || key === 'local_action') return true
    if (playKeywords.has(key) || taskKeywords.has(key) || key.startsWith('with_')) return false
    return languageActions.has(canonicalModule(key)) || this.#session.options.knownModules(key)
  }

  #isOfTask(key: string): boolean {
    return this.#isAction(key) || onlyTaskKeywords.has(key) || key.startsWith('with_')
  }

  #oneTask(map: ValueMap, document: YamlDocument, play: Play): readonly TaskNode[] {
    const own = textEntries(map).filter(([key]) => key === 'name' || this.#isOfTask(key))
    const task = newMap(own)
    document.places.copy(map, task)
    const id = `${play.id}.tasks.0`
    return this.#tasks.node(task, { document, id, parent: play, role: undefined, isHandler: false })
  }

  #hosts(map: ValueMap, document: YamlDocument): string | readonly string[] {
    const hosts = map.get('hosts')
    const names = asList(hosts)
    // A number alone is no pattern; in a list it is one.
    const isText = names.every(
      (name) => typeof name === 'string' || (isList(hosts) && typeof name === 'number'),
    )
    const isMisspelt = textKeys(map).some(
      (key) => !playKeywords.has(key) && nearest(key, playKeywords) === 'hosts',
    )
    if (isMisspelt) return ''
    if (!map.has('hosts')) {
      const foreign = textKeys(map).find((key) => !playKeywords.has(key))
      const fault =
        foreign === undefined
          ? "the field 'hosts' is required but was not set"
          : `'${foreign}' is not a valid attribute for a Play, and hosts is not set: is this a file of tasks?`
      this.#session.report(document.places.of(map), fault)
    } else if (names.length === 0 || names.includes('')) {
      const place = document.places.ofKey(map, 'hosts')
      this.#session.report(place, 'Hosts list cannot be empty. Please check your playbook')
    } else if (!isText) {
      const place = document.places.ofValue(map, 'hosts')
      this.#session.report(
        place,
        `Hosts list must be a sequence or string. Please check your playbook; got ${describe(hosts)}`,
      )
    }
    if (!isText) return ''
    if (isList(hosts)) return names.map(String)
    return typeof hosts === 'string' ? hosts : ''
  }

  #renameUser(keywords: MutableMap): void {
    const user = keywords.get('user')
    if (user === undefined) return
    keywords.set('remote_user', keywords.get('remote_user') ?? user)
    keywords.delete('user')
  }

  #prompts(map: ValueMap, document: YamlDocument): readonly VarsPrompt[] {
    const prompts = asList(map.get('vars_prompt'))
    if (!prompts.every(isMap)) throw noPrompts(document.places.ofValue(map, 'vars_prompt'), prompts)
    return prompts.flatMap((prompt) => {
      const unknown = textKeys(prompt).find((key) => !promptKeys.has(key))
      const name = prompt.get('name')
      if (typeof name === 'string' && unknown === undefined) return [readPrompt(prompt, name)]
      const what =
        unknown === undefined || name === undefined
          ? "missing 'name' key"
          : `found unsupported key '${unknown}'`
      this.#session.report(
        document.places.of(prompt),
        `Invalid vars_prompt data structure, ${what}`,
      )
      return []
    })
  }
}

const promptKeys: ReadonlySet<string> = new Set([
  'name',
  'prompt',
  'default',
  'private',
  'confirm',
  'encrypt',
  'salt_size',
  'salt',
  'unsafe',
])

/** Ansible reads prompts as it reads files of variables. */
function noPrompts({ file, line, column }: Place, prompts: readonly Value[]): ErrandError {
  return new ErrandError(
    'invalid',
    `${file}:${line}:${column}: vars_prompt must be a dictionary or a list of dictionaries. Got: ${pythonRepr(prompts)}`,
  )
}

function addContext(keywords: MutableMap, context: PlayContext): void {
  const { when, tags } = context
  if (when.length > 0) keywords.set('when', when)
  const own = keywords.get('tags')
  if (tags.length > 0) keywords.set('tags', [...(isList(own) ? own : []), ...tags])
}

function isYes(value: Value | undefined): boolean {
  return value === true || value === 1 || isWord(value, /^(?:y|yes|on|1|true|t)$/iu)
}

function isNo(value: Value | undefined): boolean {
  return value === false || value === 0 || isWord(value, /^(?:n|no|off|0|false|f)$/iu)
}

function isWord(value: Value | undefined, word: RegExp): boolean {
  return typeof value === 'string' && word.test(value)
}

function readPrompt(map: ValueMap, name: string): VarsPrompt {
  const text = (key: string) => {
    const value = map.get(key)
    return typeof value === 'string' ? value : undefined
  }
  const saltSize = map.get('salt_size')
  return {
    name,
    prompt: text('prompt') ?? name,
    isPrivate: !isNo(map.get('private')),
    confirm: isYes(map.get('confirm')),
    default: map.get('default'),
    encrypt: text('encrypt'),
    salt: text('salt'),
    saltSize: typeof saltSize === 'number' ? saltSize : undefined,
    isUnsafe: isYes(map.get('unsafe')),
  }
}
