import type { GroupSource } from '../proto/control.ts'
import type { RunRequest } from '../proto/run.ts'
import { InventoryBuilder } from './inventory/inventory-builder.ts'
import { matchHosts } from './inventory/match-hosts.ts'
import { loadLanguage } from './run/load-language.ts'
import { RunContext } from './run/run-context.ts'
import type { World } from './run/world.ts'

/** Names that a host pattern means: of the inventory that is named, or of the known hosts, which are in no group. */
export async function matchKnownHosts(
  pattern: string,
  {
    known,
    groups,
  }: { readonly known: readonly string[]; readonly groups: GroupSource | undefined },
  world: Omit<World, 'record' | 'runId'>,
): Promise<readonly string[]> {
  if (groups) {
    const record = { append: () => Promise.resolve(), keep: () => Promise.resolve() }
    const context = new RunContext(asRun(groups), { ...world, record, runId: '' })
    const language = await loadLanguage(context)
    return language.match(pattern, language.inventory)
  }
  const builder = new InventoryBuilder([])
  for (const name of known) builder.addHost(name, { group: 'ungrouped', port: undefined })
  const names = new Set(known)
  // `localhost` is known to every inventory; here it counts only when it has jobs.
  return matchHosts(builder.finish(), pattern).filter((name) => names.has(name))
}

function asRun(groups: GroupSource): RunRequest {
  return {
    ...groups,
    kind: 'adhoc',
    title: 'jobs',
    playbooks: [],
    adhoc: {
      pattern: 'all',
      module: 'ping',
      args: '',
      asyncSeconds: 0,
      pollSeconds: 0,
      oneLine: false,
    },
    tags: [],
    skipTags: [],
    extraVars: [],
    check: false,
    diff: false,
    forks: 1,
    verbosity: 0,
    connection: { become: false, acceptNewHostKeys: false },
    forceHandlers: false,
    flushCache: false,
    noInstall: true,
    vaultPasswords: [],
  }
}
