import { ErrandError } from '../../proto/errors.ts'
import { newMap } from '../../proto/value.ts'
import type { ValueMap } from '../../proto/value.ts'
import type { GroupNames } from '../inventory/group-names.ts'
import type { Group, Host, Inventory } from '../inventory/inventory.ts'

/** What add_host or group_by puts into the inventory of a run. */
export type Growth =
  | {
      readonly kind: 'add_host'
      readonly name: string
      readonly groups: readonly string[]
      readonly vars: ValueMap
    }
  | {
      readonly kind: 'add_to_group'
      readonly host: string
      readonly group: string
      readonly parents: readonly string[]
    }

/** An inventory with what add_host or group_by put in. */
export interface Grown {
  readonly inventory: Inventory
  readonly hasChanged: boolean
}

/** The same with the names that the groups get. */
export function withGroupNames(growth: Growth, names: GroupNames): Growth {
  const nameOf = (name: string) => names.nameOf(name)
  if (growth.kind === 'add_host') return { ...growth, groups: growth.groups.map(nameOf) }
  return { ...growth, group: nameOf(growth.group), parents: growth.parents.map(nameOf) }
}

/** Puts it in. */
export function grow(inventory: Inventory, growth: Growth): Grown {
  return growth.kind === 'add_host' ? addHost(inventory, growth) : addToGroup(inventory, growth)
}

/** A fresh reading of the inventory with all that the run had put in; hosts that are gone are in no group. */
export function growAgain(inventory: Inventory, growths: readonly Growth[]): Inventory {
  return growths.reduce((before, growth) => {
    const isGone = growth.kind === 'add_to_group' && !before.hosts.has(growth.host)
    return isGone ? before : grow(before, growth).inventory
  }, inventory)
}

/** Adds a host, or variables and groups to one that is there. */
export function addHost(
  inventory: Inventory,
  added: { readonly name: string; readonly groups: readonly string[]; readonly vars: ValueMap },
): Grown {
  const { name, groups, vars } = added
  const before = inventory.hosts.get(name)
  const host: Host = {
    name,
    vars: newMap([...(before?.vars ?? []), ...vars]),
    groups: before?.groups ?? [],
    source: before?.source,
    isImplicit: false,
  }
  const draft = new GroupsDraft({ ...inventory, hosts: new Map(inventory.hosts).set(name, host) })
  if (!before) draft.join('all', name)
  const joined = groups.filter((group) => draft.join(group, name))
  const isRegrouped = before === undefined || joined.length > 0
  return {
    inventory: isRegrouped ? draft.finish() : draft.inventory,
    hasChanged: isRegrouped || isNew(before, vars),
  }
}

function isNew(before: Host | undefined, vars: ValueMap): boolean {
  return [...vars].some(([key, value]) => before?.vars.get(key) !== value)
}

/** Puts a host into a group below its parents, made where they are not there. */
export function addToGroup(
  inventory: Inventory,
  added: { readonly host: string; readonly group: string; readonly parents: readonly string[] },
): Grown {
  const { host, group, parents } = added
  const draft = new GroupsDraft(inventory)
  const isIn = inventory.groups.get(group)?.hosts.includes(host) === true
  const hasJoined = isIn ? false : draft.join(group, host)
  const below = parents.filter((parent) => draft.putBelow(parent, group))
  const hasChanged = hasJoined || below.length > 0
  return { inventory: hasChanged ? draft.finish() : inventory, hasChanged }
}

/** The groups of an inventory while something is added. */
class GroupsDraft {
  readonly inventory: Inventory
  readonly #groups: Map<string, Group>
  /** Groups with new hosts or children. */
  readonly #changed = new Set<string>()
  /** Hosts that may be in other groups than before. */
  readonly #moved = new Set<string>()

  constructor(inventory: Inventory) {
    this.inventory = inventory
    this.#groups = new Map(inventory.groups)
  }

  /** Names the host in the group itself; false when it was named there before. */
  join(name: string, host: string): boolean {
    const group = this.#group(name)
    this.#moved.add(host)
    if (group.ownHosts.includes(host)) return false
    this.#set({ ...group, ownHosts: [...group.ownHosts, host] })
    return true
  }

  /** False when it was there before. */
  putBelow(parent: string, child: string): boolean {
    const group = this.#group(parent)
    if (group.children.includes(child)) return false
    if (above(this.#groups, [parent]).has(child)) {
      throw new ErrandError(
        'invalid',
        `Adding group '${child}' as child to '${parent}' creates a recursive dependency loop.`,
      )
    }
    this.#set({ ...group, children: [...group.children, child] })
    for (const host of this.#group(child).hosts) this.#moved.add(host)
    return true
  }

  /** Every group is below `all`, and `ungrouped` has only hosts that are in no other. */
  finish(): Inventory {
    const below = new Set([...this.#groups.values()].flatMap(({ children }) => children))
    for (const name of this.#groups.keys())
      if (name !== 'all' && !below.has(name)) this.putBelow('all', name)
    for (const host of this.#moved) this.#groupOrNot(host)
    const affected = above(this.#groups, this.#changed)
    for (const name of affected) {
      const group = this.#group(name)
      this.#groups.set(name, { ...group, hosts: hostsBelow(this.#groups, group) })
    }
    const depths = new Map<string, number>()
    for (const group of this.#groups.values())
      this.#groups.set(group.name, { ...group, depth: depthOf(this.#groups, group.name, depths) })
    return { ...this.inventory, groups: this.#groups, hosts: this.#regrouped() }
  }

  #groupOrNot(host: string): void {
    const isGrouped = [...this.#groups.values()].some(
      ({ name, ownHosts }) => name !== 'all' && name !== 'ungrouped' && ownHosts.includes(host),
    )
    if (!isGrouped) return void this.join('ungrouped', host)
    const group = this.#group('ungrouped')
    if (!group.ownHosts.includes(host)) return
    this.#set({ ...group, ownHosts: group.ownHosts.filter((one) => one !== host) })
  }

  /** The hosts, each with its groups as they are now, lowest precedence first. */
  #regrouped(): ReadonlyMap<string, Host> {
    const ordered = [...this.#groups.values()]
      .filter((group) => group.name !== 'all')
      .sort((a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1))
    const hosts = new Map(this.inventory.hosts)
    for (const name of this.#moved) {
      const host = hosts.get(name)
      const mine = ordered.filter((group) => group.hosts.includes(name)).map((group) => group.name)
      if (host) hosts.set(name, { ...host, groups: mine })
    }
    return hosts
  }

  #set(group: Group): void {
    this.#groups.set(group.name, group)
    this.#changed.add(group.name)
  }

  #group(name: string): Group {
    const known = this.#groups.get(name)
    if (known) return known
    const made = {
      name,
      vars: newMap(),
      children: [],
      ownHosts: [],
      hosts: [],
      depth: 1,
      priority: 1,
    }
    this.#groups.set(name, made)
    return made
  }
}

type Groups = ReadonlyMap<string, Group>

/** The groups named and all that have them below. */
function above(groups: Groups, names: Iterable<string>): ReadonlySet<string> {
  const found = new Set(names)
  for (const name of found)
    for (const group of groups.values()) if (group.children.includes(name)) found.add(group.name)
  return found
}

/** Own hosts, then those of the children, then those of theirs: level by level, each once. */
function hostsBelow(groups: Groups, group: Group): readonly string[] {
  const names = new Set([group.name])
  for (const name of names) for (const child of groups.get(name)?.children ?? []) names.add(child)
  return [...new Set([...names].flatMap((name) => groups.get(name)?.ownHosts ?? []))]
}

/** The longest way down from `all`. */
function depthOf(groups: Groups, name: string, known: Map<string, number>): number {
  const before = known.get(name)
  if (before !== undefined) return before
  const parents = [...groups.values()].filter(({ children }) => children.includes(name))
  const depth = Math.max(0, ...parents.map((parent) => depthOf(groups, parent.name, known) + 1))
  known.set(name, depth)
  return depth
}
