import { dirname } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { addAll, newMap } from '../../proto/value.ts'
import type { MapKey, MutableMap, Value, ValueMap } from '../../proto/value.ts'
import { namesAsWritten, type GroupNames } from './group-names.ts'
import type { Group, Host, Inventory } from './inventory.ts'

interface HostDraft {
  readonly name: string
  readonly vars: MutableMap
  readonly source: string | undefined
  /** Groups that name the host themselves. */
  readonly groups: Set<string>
}

interface GroupDraft {
  readonly name: string
  readonly vars: MutableMap
  readonly children: string[]
  readonly parents: Set<string>
  readonly hosts: Set<string>
  priority: number
}

/** An inventory being put together from its sources. */
export class InventoryBuilder {
  readonly #hosts = new Map<string, HostDraft>()
  readonly #groups = new Map<string, GroupDraft>()
  readonly #sources: readonly string[]
  readonly #names: GroupNames
  /** The source being read: the `inventory_file` of hosts that are new in it. */
  currentSource: string | undefined

  constructor(sources: readonly string[], names: GroupNames = namesAsWritten) {
    this.#sources = sources
    this.#names = names
    this.addGroup('all')
    this.addGroup('ungrouped')
    this.addChild('all', 'ungrouped')
  }

  hasHost(name: string): boolean {
    return this.#hosts.has(name)
  }

  hasGroup(name: string): boolean {
    return this.#groups.has(this.#names.nameOf(name))
  }

  /** In the order in which they were named. */
  hostNames(): readonly string[] {
    return [...this.#hosts.keys()]
  }

  /**
   * The groups that a host is in so far, lowest precedence first. While sources are read a group is below `all` only
   * where one says so.
   */
  groupsOfHost(host: string): readonly string[] {
    const own = this.#host(host).groups
    const names = new Set([...own, ...[...own].flatMap((name) => [...this.#ancestors(name)])])
    const depths = new Map<string, number>()
    return [...names]
      .map((name) => this.#group(name))
      .map((group) => ({
        name: group.name,
        priority: group.priority,
        depth: this.#depth(group, depths),
      }))
      .toSorted(byPrecedence)
      .map(({ name }) => name)
  }

  /** What the sources so far say of a group, as written. */
  groupVars(group: string): ValueMap {
    return this.#group(group).vars
  }

  /** What the sources so far say of a host, as written, and what is always known of it. */
  hostVars(host: string): ValueMap {
    const { vars, source } = this.#host(host)
    const known = newMap(source === undefined ? [] : [['inventory_file', source]])
    if (source !== undefined) known.set('inventory_dir', dirname(source))
    addAll(known, vars)
    const groups = this.groupsOfHost(host).filter((name) => name !== 'all')
    known.set('inventory_hostname', host)
    known.set('inventory_hostname_short', host.split('.')[0] ?? host)
    return known.set('group_names', groups.toSorted(byText))
  }

  addGroup(written: string): void {
    const name = this.#names.nameOf(written)
    if (this.#groups.has(name)) return
    const draft = {
      name,
      vars: newMap(),
      children: [],
      parents: new Set<string>(),
      hosts: new Set<string>(),
      priority: 1,
    }
    this.#groups.set(name, draft)
  }

  /** Adds a host, or adds a known one to another group. */
  addHost(
    name: string,
    options: { readonly group?: string; readonly port?: number | undefined } = {},
  ): void {
    if (!this.#hosts.has(name)) {
      const vars = newMap(options.port === undefined ? [] : [['ansible_port', options.port]])
      this.#hosts.set(name, { name, vars, source: this.currentSource, groups: new Set() })
    }
    if (options.group === undefined) return
    const group = this.#group(options.group)
    group.hosts.add(name)
    this.#host(name).groups.add(group.name)
  }

  /**
   * Puts `child` below `parent`.
   *
   * @throws {ErrandError} `invalid` when that closes a circle.
   */
  addChild(parent: string, child: string): void {
    const above = this.#group(parent)
    const below = this.#group(child)
    if (above.children.includes(below.name)) return
    if (above === below) throw new ErrandError('invalid', `can't add group "${child}" to itself`)
    if (this.#ancestors(above.name).has(below.name)) {
      throw new ErrandError(
        'invalid',
        `adding group '${child}' as child to '${parent}' creates a recursive dependency loop`,
      )
    }
    above.children.push(below.name)
    below.parents.add(above.name)
  }

  setGroupVar(group: string, name: MapKey, value: Value): void {
    const draft = this.#group(group)
    if (name !== 'ansible_group_priority') draft.vars.set(name, value)
    else if (Number.isSafeInteger(Number(value))) draft.priority = Number(value)
    else
      throw new ErrandError(
        'invalid',
        `ansible_group_priority of "${group}" must be a whole number`,
      )
  }

  setHostVar(host: string, name: MapKey, value: Value): void {
    this.#host(host).vars.set(name, value)
  }

  /** What was put together. The builder may go on and finish again. */
  finish(): Inventory {
    this.#reconcile()
    const depths = new Map<string, number>()
    const groups = new Map<string, Group>()
    for (const draft of this.#groups.values()) {
      groups.set(draft.name, {
        name: draft.name,
        vars: newMap(draft.vars),
        children: [...draft.children],
        ownHosts: [...draft.hosts],
        hosts: this.#hostsBelow(draft),
        depth: this.#depth(draft, depths),
        priority: draft.priority,
      })
    }
    const hosts = new Map<string, Host>()
    for (const draft of this.#hosts.values()) {
      const { name, source } = draft
      const own = this.#groupsOf(draft)
        .map((group) => groups.get(group))
        .filter((group) => group !== undefined)
      const ordered = own.toSorted(byPrecedence).map((group) => group.name)
      hosts.set(name, {
        name,
        vars: newMap(draft.vars),
        groups: ordered,
        source,
        isImplicit: false,
      })
    }
    return { hosts, groups, sources: this.#sources }
  }

  /** Every group is below `all`; `ungrouped` holds exactly the hosts that no other group does. */
  #reconcile(): void {
    for (const group of this.#groups.values()) {
      if (group.name !== 'all' && group.parents.size === 0) this.addChild('all', group.name)
    }
    for (const host of this.#hosts.values()) {
      const others = [...host.groups].filter((name) => name !== 'all' && name !== 'ungrouped')
      if (others.length === 0) this.addHost(host.name, { group: 'ungrouped' })
      else if (host.groups.delete('ungrouped')) this.#group('ungrouped').hosts.delete(host.name)
    }
  }

  #group(name: string): GroupDraft {
    const group = this.#groups.get(this.#names.nameOf(name))
    if (group) return group
    throw new ErrandError('invalid', `there is no group "${name}" in the inventory`)
  }

  #host(name: string): HostDraft {
    const host = this.#hosts.get(name)
    if (host) return host
    throw new ErrandError('invalid', `there is no host "${name}" in the inventory`)
  }

  #ancestors(name: string): Set<string> {
    const found = new Set<string>()
    const open = [name]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const parent of this.#group(next).parents) {
        if (!found.has(parent)) open.push(parent)
        found.add(parent)
      }
    }
    return found
  }

  #groupsOf(host: HostDraft): readonly string[] {
    const all = new Set(host.groups)
    for (const group of host.groups) for (const above of this.#ancestors(group)) all.add(above)
    all.delete('all')
    return [...all]
  }

  /** Longest way down from `all`. */
  #depth(group: GroupDraft, known: Map<string, number>): number {
    const before = known.get(group.name)
    if (before !== undefined) return before
    const parents = [...group.parents].map((name) => this.#depth(this.#group(name), known) + 1)
    const depth = Math.max(0, ...parents)
    known.set(group.name, depth)
    return depth
  }

  /** Own hosts, then those of the children, then those of theirs: level by level, each once. */
  #hostsBelow(group: GroupDraft): readonly string[] {
    const groups = new Set([group.name])
    for (const name of groups) for (const child of this.#group(name).children) groups.add(child)
    const hosts = new Set<string>()
    for (const name of groups) for (const host of this.#group(name).hosts) hosts.add(host)
    return [...hosts]
  }
}

type Ranked = Pick<Group, 'name' | 'depth' | 'priority'>

function byText(a: string, b: string): number {
  return a < b ? -1 : 1
}

/** Lowest precedence first: by depth, priority, then name. */
function byPrecedence(a: Ranked, b: Ranked): number {
  if (a.depth !== b.depth) return a.depth - b.depth
  if (a.priority !== b.priority) return a.priority - b.priority
  return a.name < b.name ? -1 : 1
}
