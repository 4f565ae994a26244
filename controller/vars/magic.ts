import { dirname } from 'node:path'
import { textEntries, newMap } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import { searchPath } from './search-path.ts'
import { roleChain, roleOf } from '../playbook/lineage.ts'
import type { Host, Inventory } from '../inventory/inventory.ts'
import type { Play, RoleUse, Task } from '../playbook/playbook.ts'
import type { RunFacts } from './host-vars.ts'

/** What magic variables are made from. */
interface MagicSource {
  readonly inventory: Inventory
  readonly groups: ValueMap
  readonly host: Host
  readonly facts: ValueMap
  readonly hasGathered: boolean
  readonly play: Play | undefined
  readonly task: Task | undefined
  readonly run: RunFacts
  readonly playbookDir: string
  readonly omit: string
  readonly hostvars: ValueMap
  readonly vars: ValueMap
}

type Magic = (from: MagicSource) => Value | undefined

/** Variables that nobody sets and nothing overrides. What has no value where it is asked for is not defined there. */
export const magicVariables: ReadonlyMap<string, Magic> = new Map<string, Magic>([
  ['inventory_hostname', ({ host }) => host.name],
  ['inventory_hostname_short', ({ host }) => host.name.split('.')[0]],
  ['group_names', ({ host }) => host.groups.toSorted()],
  ['inventory_file', ({ host }) => (host.isImplicit ? undefined : (host.source ?? null))],
  ['inventory_dir', ({ host }) => (host.isImplicit ? undefined : inventoryDir(host))],
  ['groups', ({ groups }) => groups],
  ['hostvars', ({ hostvars }) => hostvars],
  ['vars', ({ vars }) => vars],
  ['omit', ({ omit }) => omit],
  ['ansible_facts', ({ facts, hasGathered }) => namespaced(facts, hasGathered)],
  ['playbook_dir', ({ playbookDir }) => playbookDir],
  ['ansible_playbook_python', () => '/usr/bin/python3'],
  ['ansible_config_file', ({ run }) => run.configFile ?? null],
  ['ansible_inventory_sources', ({ inventory }) => inventory.sources],
  ['ansible_version', () => version],
  ['ansible_check_mode', ({ run }) => run.checkMode],
  ['ansible_diff_mode', ({ run }) => run.diffMode],
  ['ansible_forks', ({ run }) => run.forks],
  ['ansible_verbosity', ({ run }) => run.verbosity],
  ['ansible_limit', ({ run }) => run.limit],
  ['ansible_run_tags', ({ run }) => (run.runTags.length === 0 ? ['all'] : run.runTags)],
  ['ansible_skip_tags', ({ run }) => run.skipTags],
  ['ansible_play_name', ({ play }) => play && (play.name ?? play.hosts)],
  ['ansible_play_hosts', ({ play, run }) => play && run.playHosts],
  ['ansible_play_hosts_all', ({ play, run }) => play && run.playHostsAll],
  ['ansible_play_batch', ({ play, run }) => play && run.playBatch],
  ['play_hosts', ({ play, run }) => play && run.playBatch],
  ['ansible_play_role_names', ({ play }) => play?.roles.map(fullName)],
  ['role_names', ({ play }) => play?.roles.map(fullName)],
  ['ansible_dependent_role_names', ({ play }) => play && dependencyNames(play)],
  ['ansible_role_names', ({ play }) => play && allRoleNames(play)],
  ['role_name', ({ task }) => task && roleOf(task)?.role.name],
  ['role_path', ({ task }) => task && roleOf(task)?.role.path],
  ['ansible_role_name', ({ task }) => task && optionalName(roleOf(task))],
  ['ansible_collection_name', ({ task }) => task && collectionName(roleOf(task))],
  ['ansible_parent_role_names', ({ task }) => task && includingRoles(task)?.map(fullName)],
  [
    'ansible_parent_role_paths',
    ({ task }) => task && includingRoles(task)?.map((use) => use.role.path),
  ],
  ['ansible_search_path', ({ task, play, playbookDir }) => searchPath(task ?? play, playbookDir)],
])

/** The language that is spoken: playbooks ask for it before they use what is new. */
const version: ValueMap = newMap([
  ['full', '2.18.0'],
  ['major', 2],
  ['minor', 18],
  ['revision', 0],
  ['string', '2.18.0'],
])

function inventoryDir(host: Host): Value {
  if (host.source === undefined) return null
  return host.source.includes(',') ? null : dirname(host.source)
}

function fullName(use: RoleUse): string {
  return use.role.fullName
}

function optionalName(use: RoleUse | undefined): string | undefined {
  return use?.role.fullName
}

function collectionName(use: RoleUse | undefined): Value | undefined {
  return use && (use.role.collection ?? null)
}

function dependencyNames(play: Play): readonly string[] {
  const below = (use: RoleUse): readonly RoleUse[] =>
    use.dependencies.flatMap((one) => [...below(one), one])
  return [...new Set(play.roles.flatMap(below).map(fullName))]
}

function allRoleNames(play: Play): readonly string[] {
  return [...new Set([...dependencyNames(play), ...play.roles.map(fullName)])]
}

/** The roles whose tasks included or imported the one that a task is in, the nearest first; not those that depend on it. */
function includingRoles(task: Task): readonly RoleUse[] | undefined {
  const chain = roleChain(task).toReversed()
  const found = chain.slice(1).filter((around, index) => {
    const use = chain[index]
    return use !== undefined && !around.dependencies.includes(use)
  })
  return found.length === 0 ? undefined : found
}

/** Every name of a group and its hosts. Made once for an inventory: each host's variables have it. */
export function groupsMap(inventory: Inventory): ValueMap {
  return newMap([...inventory.groups.values()].map((group) => [group.name, group.hosts]))
}

/** Facts as `ansible_facts` holds them: without the prefix, but for ansible_local and the mark that says they are complete. */
function namespaced(facts: ValueMap, hasGathered: boolean): ValueMap {
  const names = newMap(
    textEntries(facts).map(([name, value]) => {
      return [name === 'ansible_local' ? name : name.replace(/^ansible_/u, ''), value] as const
    }),
  )
  return hasGathered ? names.set(gatheredMark, true) : names
}

/** The name under which Ansible keeps that a host's facts were gathered. */
export const gatheredMark = '_ansible_facts_gathered'
