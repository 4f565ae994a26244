/**
 * From the text of playbooks, task files and roles to the tree in playbook.ts. Static imports are followed while
 * loading; what a run includes later is loaded by {@link PlaybookLoader.loadTaskFile} and `loadRole`.
 */
import { parseJson } from '../../proto/json-text.ts'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { textKeys, isList, isMap, newMap } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import type { YamlDocument } from '../yaml.ts'
import { collectionAround, findCollectionPlaybook } from './find-role.ts'
import { ImportResolver } from './import-resolver.ts'
import { importPlaybookKeywords } from './keywords.ts'
import { LoadSession, describe } from './load-session.ts'
import type { LoaderOptions } from './load-session.ts'
import { parseModuleArgs } from './parse-args.ts'
import { asList, NodeParser } from './parse-node.ts'
import { PlayParser } from './parse-play.ts'
import type { PlayContext } from './parse-play.ts'
import { madeTask } from './parse-task.ts'
import type { ParentNode, Play, Playbook, RoleUse, TaskNode } from './playbook.ts'
import type { FromFiles } from './role-folder.ts'

export type { LoaderOptions } from './load-session.ts'

/** How include_role uses a role. */
export interface IncludedRole extends FromFiles {
  readonly isPublic?: boolean
  readonly allowDuplicates?: boolean
  /** False for `rolespec_validate: false`. */
  readonly isChecked?: boolean
  /** Keywords of `apply`. */
  readonly apply?: ValueMap
  /** Added to the ids, where one task includes several times. */
  readonly instance?: string
  /** Variables that the include gives the role: with others it is another use of it. */
  readonly given?: ValueMap
}

export interface IncludedTasks {
  /** Keywords of `apply`. */
  readonly apply?: ValueMap
  readonly isHandler?: boolean
  /** Added to the ids, where one task includes several times. */
  readonly instance?: string
}

/** What `errand exec` runs. */
export interface AdhocTask {
  readonly pattern: string
  readonly module: string
  readonly args: string
  /** `async`, `poll`, `become` … of the one task. */
  readonly keywords?: ValueMap
  readonly baseDir: string
}

const noContext: PlayContext = { when: [], tags: [], vars: newMap() }

/** Loads playbooks, and the files that a run includes on its way. */
export class PlaybookLoader {
  readonly #options: LoaderOptions

  constructor(options: LoaderOptions) {
    this.#options = options
  }

  /**
   * @param name A file, below `cwd` where it is relative, or a playbook of a collection: `namespace.collection.playbook`.
   * @throws {ErrandError} `syntax` with all faults of all files; `not_found`.
   */
  loadPlaybook(name: string, cwd = '/'): Playbook {
    const session = new LoadSession(this.#options)
    const named = findCollectionPlaybook(name, undefined, this.#options)
    const path = named ?? resolve(cwd, name)
    const collection = collectionAround(path, this.#options)
    if (collection !== undefined) {
      this.#options.warn(`running playbook inside collection ${collection}`)
    }
    if (!this.#options.files.isFile(path)) {
      throw new ErrandError('not_found', `the playbook: ${name} could not be found`)
    }
    const plays = new PlaybookReader(session).file(path, noContext)
    session.problems.throwIfAny()
    return { file: path, shownAs: named ?? name, plays }
  }

  /**
   * The tasks of a file that `parent` includes, in one block that remembers the file.
   *
   * @param file As the task names it: searched where Ansible would.
   * @throws {ErrandError} `syntax`, `not_found`.
   */
  loadTaskFile(
    file: string,
    parent: ParentNode,
    role: RoleUse | undefined,
    options: IncludedTasks = {},
  ): TaskNode[] {
    const session = new LoadSession(this.#options)
    const imports = new ImportResolver(session)
    const nodes = imports.includeTasks(file, { parent, role, ...options })
    session.problems.throwIfAny()
    return [...nodes]
  }

  /**
   * A role as `parent` includes it.
   *
   * @throws {ErrandError} `syntax`, `not_found`.
   */
  loadRole(name: string, parent: ParentNode, options: IncludedRole = {}): RoleUse {
    const session = new LoadSession(this.#options)
    const use = new ImportResolver(session).includeRole(name, { parent, ...options })
    session.problems.throwIfAny()
    if (!use) throw new ErrandError('not_found', `the role '${name}' was not found`)
    return use
  }

  /**
   * The playbook of one task that `errand exec` runs. That there is no such module is each host's result.
   *
   * @throws {ErrandError} `invalid` for arguments that cannot be.
   */
  adhoc(task: AdhocTask): Playbook {
    const play = adhocPlay(task)
    const { file } = play.place
    return { file, shownAs: file, plays: [play] }
  }
}

function adhocPlay(adhoc: AdhocTask): Play {
  const place = { file: '(command line)', line: 1, column: 1 }
  const tasks: TaskNode[] = []
  const play: Play = {
    kind: 'play',
    id: 'adhoc',
    place,
    name: 'Ansible Ad-Hoc',
    keywords: newMap([['gather_facts', false]]),
    vars: newMap(),
    hosts: adhoc.pattern,
    varsFiles: [],
    varsPrompt: [],
    preTasks: [],
    roles: [],
    tasks,
    postTasks: [],
    handlers: [],
    baseDir: adhoc.baseDir,
  }
  tasks.push(
    madeTask(
      adhocAction(adhoc),
      { id: 'adhoc.tasks.0', parent: play, role: undefined },
      { keywords: adhoc.keywords ?? newMap() },
    ),
  )
  return play
}

function adhocAction(adhoc: AdhocTask) {
  try {
    const text = adhoc.args.trim()
    const thing: Value = text.startsWith('{') && text.endsWith('}') ? jsonMap(text) : adhoc.args
    return parseModuleArgs(adhoc.module, thing, undefined)
  } catch (cause) {
    throw new ErrandError('syntax', cause instanceof Error ? cause.message : String(cause), {
      cause,
    })
  }
}

/** Arguments given as JSON; a template in braces stays text. */
function jsonMap(text: string): Value {
  try {
    return parseJson(text)
  } catch {
    return text // not JSON: `{{ x }}` or a shell group, which is text as well
  }
}

class PlaybookReader {
  readonly #session: LoadSession
  readonly #plays: PlayParser
  readonly #nodes: NodeParser
  readonly #open: string[] = []
  #count = 0

  constructor(session: LoadSession) {
    this.#session = session
    this.#plays = new PlayParser(session, new ImportResolver(session))
    this.#nodes = new NodeParser(session)
  }

  file(path: string, context: PlayContext): readonly Play[] {
    this.#session.options.onFolder?.(dirname(path))
    const document = this.#session.open(path)
    const entries = document.value
    if (!isList(entries)) {
      const got = entries === null ? 'an empty file' : describe(entries)
      const place = document.places.of(entries)
      this.#session.report(place, `a playbook is a list of plays, got ${got}`)
      return []
    }
    this.#open.push(path)
    const plays = entries.flatMap((entry, index) => {
      if (isMap(entry)) return this.#entry(entry, document, context)
      const place = document.places.ofValue(entries, index)
      this.#session.report(place, `a play is a mapping, got ${describe(entry)}`)
      return []
    })
    this.#open.pop()
    return plays
  }

  #entry(map: ValueMap, document: YamlDocument, context: PlayContext): readonly Play[] {
    const key = textKeys(map).find((name) => importNames.has(name))
    if (key !== undefined) return this.#import(map, { key, document, context })
    const id = `p${this.#count++}`
    return [this.#plays.parse(map, document, { id, context })]
  }

  #import(
    map: ValueMap,
    at: { readonly key: string; readonly document: YamlDocument; readonly context: PlayContext },
  ): readonly Play[] {
    const { key, document, context } = at
    const place = document.places.ofValue(map, key)
    const parts = this.#nodes.parse(map, document, {
      title: 'PlaybookInclude',
      allowed: importPlaybookKeywords,
      ignored: (name) => name === key,
    })
    const written = map.get(key)
    if (typeof written !== 'string') {
      this.#session.report(place, `${key} names a file, got ${describe(written)}`)
      return []
    }
    const path = this.#importedPath(written, dirname(document.file))
    if (!this.#session.options.files.isFile(path)) {
      this.#session.reportMissing(place, `there is no playbook ${path}`)
      return []
    }
    if (this.#open.includes(path)) {
      this.#session.report(place, `the playbook ${path} imports itself`)
      return []
    }
    return this.file(path, {
      when: [...context.when, ...asList(parts.keywords.get('when'))],
      tags: [...context.tags, ...asList(parts.keywords.get('tags'))],
      vars: newMap([...parts.vars, ...context.vars]),
    })
  }

  #importedPath(written: string, folder: string): string {
    const name = this.#session.options.renderStatic(written.trim(), undefined)
    if (isAbsolute(name)) return name
    return findCollectionPlaybook(name, folder, this.#session.options) ?? join(folder, name)
  }
}

const importNames = new Set([
  'import_playbook',
  'ansible.builtin.import_playbook',
  'ansible.legacy.import_playbook',
])
