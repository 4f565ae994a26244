import { ErrandError } from '../../proto/errors.ts'
import { textKeys, isList, isMap, newMap } from '../../proto/value.ts'
import type { MutableMap, Value, ValueMap } from '../../proto/value.ts'
import { emitYaml } from '../template/yaml/emit.ts'
import { jsonText } from '../template/python/json.ts'
import { PythonError } from '../template/python/python-error.ts'
import { toText } from '../template/templates.ts'
import { textOfTemplate } from '../yaml/as-data.ts'
import type { Group, Inventory } from './inventory.ts'

/** What ansible-inventory prints of an inventory. */
export interface PrintOptions {
  readonly inventory: Inventory
  /** All variables of a host that do not depend on a play, as written; with `isOwn` only those written at the host. */
  readonly hostVars: (name: string, isOwn: boolean) => ValueMap
  /** Own variables of a group, those of its group_vars folder on top. */
  readonly groupVars: (name: string) => ValueMap
  /** `--export`: variables stand where they were defined, not at each host. */
  readonly isExport: boolean
  readonly isYaml: boolean
}

/** `--list` */
export function printList(options: PrintOptions): string {
  return printValue(options.isYaml ? yamlTree(options) : jsonTree(options), options)
}

/** `--host NAME` */
export function printHost(name: string, options: PrintOptions): string {
  return printValue(varsOf(name, options), options)
}

/**
 * `--graph [GROUP]`, with `--vars` when `hasVars`.
 *
 * @throws {ErrandError} `usage` when there is no such group.
 */
export function printGraph(
  start: string,
  options: PrintOptions & { readonly hasVars: boolean },
): string {
  const group = options.inventory.groups.get(start)
  if (group) return graphLines(group, 0, options).join('\n')
  throw new ErrandError('usage', 'Pattern must be valid group name when using --graph')
}

function graphLines(
  group: Group,
  depth: number,
  options: PrintOptions & { readonly hasVars: boolean },
): string[] {
  const lines = [indented(`@${group.name}:`, depth)]
  for (const child of childrenOf(group, options))
    lines.push(...graphLines(child, depth + 1, options))
  for (const host of ownHosts(group)) {
    lines.push(indented(host, depth + 1))
    if (options.hasVars) lines.push(...varLines(varsOf(host, options), depth + 2))
  }
  if (options.hasVars) lines.push(...varLines(groupVars(group, options), depth + 1))
  return lines
}

function varLines(vars: ValueMap, depth: number): string[] {
  return sortedKeys(vars).map((name) =>
    indented(`{${name} = ${toText(plain(vars.get(name) ?? null))}}`, depth),
  )
}

function indented(text: string, depth: number): string {
  return depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`
}

function jsonTree(options: PrintOptions): ValueMap {
  const tree = newMap()
  const add = (group: Group) => {
    if (tree.has(group.name)) return
    const children = childrenOf(group, options)
    const entry = newMap()
    tree.set(group.name, entry)
    if (ownHosts(group).length > 0) entry.set('hosts', ownHosts(group))
    if (children.length > 0)
      entry.set(
        'children',
        children.map((child) => child.name),
      )
    if (options.isExport) addUnlessEmpty(entry, 'vars', groupVars(group, options))
    for (const child of children) add(child)
    if (entry.size === 0) tree.delete(group.name)
  }
  const all = options.inventory.groups.get('all')
  if (all) add(all)
  const hostvars = newMap()
  for (const host of all?.hosts ?? []) addUnlessEmpty(hostvars, host, varsOf(host, options))
  tree.set('_meta', newMap([['hostvars', hostvars]]))
  return tree
}

function yamlTree(options: PrintOptions): ValueMap {
  const seen = new Set<string>()
  const entryOf = (group: Group): ValueMap => {
    const entry = newMap()
    const children = childrenOf(group, options).map(
      (child) => [child.name, entryOf(child)] as const,
    )
    addUnlessEmpty(entry, 'children', newMap(children))
    const hosts = ownHosts(group).map((host) => {
      const vars = seen.has(host) ? newMap() : varsOf(host, options)
      seen.add(host)
      return [host, vars] as const
    })
    addUnlessEmpty(entry, 'hosts', newMap(hosts))
    if (options.isExport) addUnlessEmpty(entry, 'vars', groupVars(group, options))
    return entry
  }
  const all = options.inventory.groups.get('all')
  return newMap(all ? [['all', entryOf(all)]] : [])
}

function addUnlessEmpty(map: MutableMap, key: string, value: Value): void {
  if (isMap(value) && value.size > 0) map.set(key, value)
}

function groupVars(group: Group, options: PrintOptions): ValueMap {
  const vars = newMap(options.groupVars(group.name))
  if (group.priority !== 1) vars.set('ansible_group_priority', group.priority)
  return vars
}

function varsOf(host: string, options: PrintOptions): ValueMap {
  return options.hostVars(host, options.isExport)
}

function childrenOf(group: Group, options: PrintOptions): readonly Group[] {
  return group.children
    .map((name) => options.inventory.groups.get(name))
    .filter((child) => child !== undefined)
}

/** `all` lists no hosts of its own. */
function ownHosts(group: Group): readonly string[] {
  return group.name === 'all' ? [] : group.ownHosts
}

/** Text that must not be rendered, as it was written. What stands at several places is one thing in the result, too. */
function plain(value: Value, known = new Map<Value, Value>()): Value {
  if (typeof value === 'string') return textOfTemplate(value)
  if (!isList(value) && !isMap(value)) return value
  const made = known.get(value) ?? copied(value, (item) => plain(item, known))
  known.set(value, made)
  return made
}

function copied(value: readonly Value[] | ValueMap, copy: (item: Value) => Value): Value {
  if (isList(value)) return value.map(copy)
  return newMap(Array.from(value, ([key, item]) => [key, copy(item)] as const))
}

const yamlLayout = {
  indent: 2,
  width: 80,
  flow: 'none',
  isSorted: true,
  hasStart: false,
  hasEnd: false,
  hasAnchors: true,
} as const

function printValue(value: Value, options: PrintOptions): string {
  const printed = plain(value)
  return options.isYaml ? emitYaml(printed, yamlLayout).trimEnd() : printJson(printed)
}

/** JSON as Python's `json.dumps(indent=4, sort_keys=True)` writes it; keys that have no order stay as they are. */
function printJson(value: Value): string {
  const layout = { indent: '    ', isAscii: false }
  try {
    return jsonText(value, { ...layout, isSorted: true })
  } catch (error) {
    if (error instanceof PythonError && error.kind === 'TypeError') return jsonText(value, layout)
    throw error
  }
}

function sortedKeys(map: ValueMap): readonly string[] {
  return textKeys(map).toSorted((a, b) => (a < b ? -1 : 1))
}
