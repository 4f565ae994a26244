import type { Value, ValueMap } from '../../proto/value.ts'
import type { Place } from '../yaml/place.ts'

/** The plays of one `errand run`, imports of playbooks already in their place. Nothing in it has been templated. */
export interface Playbook {
  readonly file: string
  /** As the user named it, or its file where that was a name in a collection. */
  readonly shownAs: string
  readonly plays: readonly Play[]
}

/**
 * Keywords as written, by Ansible's name (`become_user`, `ignore_errors`, `when` …). Values may be templates. A
 * keyword that was not written is not there. `when`, `tags`, `notify`, `listen`, `until`, `failed_when`,
 * `changed_when` are lists here, however they were written.
 */
type Keywords = ValueMap

/** What every node of a play has. Inherited keywords are found by walking `parent` up to the play. */
interface Node {
  /** The same in every load of the same files: a path of places and counters. The record knows tasks by it. */
  readonly id: string
  readonly place: Place
  readonly name: string | undefined
  readonly keywords: Keywords
  /** Variables written at this node, unrendered. */
  readonly vars: ValueMap
}

export interface Play extends Node {
  readonly kind: 'play'
  /** The pattern or the list of patterns, a template still. */
  readonly hosts: string | readonly string[]
  readonly varsFiles: readonly Value[]
  readonly varsPrompt: readonly VarsPrompt[]
  /** In the order they run, each section followed by a flush of handlers: pre_tasks, roles + tasks, post_tasks. */
  readonly preTasks: readonly TaskNode[]
  readonly roles: readonly RoleUse[]
  readonly tasks: readonly TaskNode[]
  readonly postTasks: readonly TaskNode[]
  /** The play's own handlers; those of roles are in `RoleUse.role`. */
  readonly handlers: readonly TaskNode[]
  /** Folder of the playbook file. */
  readonly baseDir: string
}

export interface VarsPrompt {
  readonly name: string
  readonly prompt: string
  readonly isPrivate: boolean
  readonly confirm: boolean
  readonly default: Value | undefined
  readonly encrypt: string | undefined
  readonly salt: string | undefined
  readonly saltSize: number | undefined
  readonly isUnsafe: boolean
}

/** A role in its place in a play: from `roles:`, import_role, include_role or another role's dependencies. */
export interface RoleUse extends Node {
  readonly kind: 'role'
  readonly role: Role
  /** Inline parameters of the entry (what is no keyword), unrendered: precedence step 19. */
  readonly params: ValueMap
  /** Uses of the dependencies, run before the role's own tasks, in order. */
  readonly dependencies: readonly RoleUse[]
  readonly tasks: readonly TaskNode[]
  readonly handlers: readonly TaskNode[]
  readonly parent: ParentNode
  /** include_role public / roles: true: defaults and vars stay visible to the rest of the play. */
  readonly isPublic: boolean
  /** Equal for two uses that bring the same role with the same parameters: the second is left out unless duplicates are allowed. */
  readonly identity: string
  /** From its meta file, or the `allow_duplicates` of the include or import. */
  readonly allowDuplicates: boolean
}

/** What a role's folder holds. */
export interface Role {
  readonly name: string
  /** Full name when it is in a collection, else the name. */
  readonly fullName: string
  readonly path: string
  readonly defaults: ValueMap
  readonly vars: ValueMap
  readonly allowDuplicates: boolean
  readonly argumentSpecs: ValueMap | undefined
  readonly collection: string | undefined
}

export interface Block extends Node {
  readonly kind: 'block'
  readonly block: readonly TaskNode[]
  readonly rescue: readonly TaskNode[]
  readonly always: readonly TaskNode[]
  readonly parent: ParentNode
  readonly role: RoleUse | undefined
  /** For files brought in by include_tasks and import_tasks: the file; templates and files are searched beside it too. */
  readonly file: string | undefined
  /** That file as the import or include names it, filled in. */
  readonly fileName: string | undefined
}

export interface Task extends Node {
  readonly kind: 'task'
  readonly isHandler: boolean
  /** As written: `command`, `ansible.builtin.command`. */
  readonly module: string
  /** The module's name in full, where it was found in a collection around the task. */
  readonly fullName: string | undefined
  readonly args: TaskArgs
  readonly loop: Loop | undefined
  readonly parent: ParentNode
  readonly role: RoleUse | undefined
}

/** A module's arguments as written, unrendered; `k=v` text has been taken apart, and `args:` merged in below. */
export interface TaskArgs {
  /** The words that are no `k=v` (command, shell, script, raw, meta, include_tasks …). */
  readonly freeForm: string | undefined
  readonly map: ValueMap
  /** `args: "{{ x }}"`: a template that yields a map. */
  readonly splat: string | undefined
}

export interface Loop {
  /** `loop` or `with_NAME`. */
  readonly kind: 'loop' | 'with'
  /** with: the lookup's name. */
  readonly lookup: string | undefined
  readonly source: Value
}

export type TaskNode = Task | Block | RoleUse
export type ParentNode = Play | RoleUse | Block | Task
