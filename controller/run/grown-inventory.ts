import type { ValueMap } from '../../proto/value.ts'
import type { Group, Host, Inventory } from '../inventory/inventory.ts'

/** An inventory with what add_host or group_by put in. */
export interface Grown {
  readonly inventory: Inventory
  readonly hasChanged: boolean
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
    vars: { ...before?.vars, ...vars },
    groups: before?.groups ?? [],
    source: before?.source,
    isImplicit: false,
  }
  const hosts = new Map(inventory.hosts).set(name, host)
  let grown: Grown = { inventory: { ...inventory, hosts }, hasChanged: isNew(before, vars) }
  for (const group of ['all', ...groups]) {
    const next = addToGroup(grown.inventory, { host: name, group, parents: ['all'] })
    grown = { inventory: next.inventory, hasChanged: grown.hasChanged || next.hasChanged }
  }
  return grown
}

function isNew(before: Host | undefined, vars: ValueMap): boolean {
  return (
    before === undefined || Object.entries(vars).some(([key, value]) => before.vars[key] !== value)
  )
}

/** Puts a host into a group, made when it is not there. */
export function addToGroup(
  inventory: Inventory,
  added: { readonly host: string; readonly group: string; readonly parents: readonly string[] },
): Grown {
  const { host, group: name, parents } = added
  const before = inventory.groups.get(name)
  if (before?.hosts.includes(host)) return { inventory, hasChanged: false }
  const groups = new Map(inventory.groups)
  groups.set(name, withHost(before ?? emptyGroup(name), host))
  if (!before && name !== 'all') for (const parent of parents) addChild(groups, parent, name)
  for (const parent of ancestors(groups, name)) {
    const group = groups.get(parent)
    if (group && !group.hosts.includes(host))
      groups.set(parent, { ...group, hosts: [...group.hosts, host] })
  }
  return {
    inventory: { ...inventory, groups, hosts: regrouped(inventory, groups, host) },
    hasChanged: true,
  }
}

function emptyGroup(name: string): Group {
  return { name, vars: {}, children: [], ownHosts: [], hosts: [], depth: 1, priority: 1 }
}

function withHost(group: Group, host: string): Group {
  return { ...group, ownHosts: [...group.ownHosts, host], hosts: [...group.hosts, host] }
}

function addChild(groups: Map<string, Group>, parent: string, child: string): void {
  const group = groups.get(parent) ?? emptyGroup(parent)
  if (!group.children.includes(child))
    groups.set(parent, { ...group, children: [...group.children, child] })
}

function ancestors(groups: ReadonlyMap<string, Group>, name: string): ReadonlySet<string> {
  const found = new Set<string>()
  const todo = [name]
  for (let child = todo.pop(); child !== undefined; child = todo.pop()) {
    for (const group of groups.values()) {
      if (!group.children.includes(child) || found.has(group.name)) continue
      found.add(group.name)
      todo.push(group.name)
    }
  }
  return found
}

/** The host with its groups as they are now, lowest precedence first. */
function regrouped(
  inventory: Inventory,
  groups: ReadonlyMap<string, Group>,
  name: string,
): ReadonlyMap<string, Host> {
  const host = inventory.hosts.get(name)
  if (!host) return inventory.hosts
  const mine = [...groups.values()]
    .filter((group) => group.name !== 'all' && group.hosts.includes(name))
    .sort((a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1))
    .map((group) => group.name)
  return new Map(inventory.hosts).set(name, { ...host, groups: mine })
}
