import type { GroupSource } from '../proto/control.ts'
import { InventoryBuilder } from './inventory/inventory-builder.ts'
import { matchHosts } from './inventory/match-hosts.ts'
import { inventoryContext, type ListingWorld } from './reading-run.ts'
import { loadLanguage } from './run/load-language.ts'

/** Names that a host pattern means: of the inventory that is named, or of the known hosts, which are in no group. */
export async function matchKnownHosts(
  pattern: string,
  {
    known,
    groups,
  }: { readonly known: readonly string[]; readonly groups: GroupSource | undefined },
  world: ListingWorld,
): Promise<readonly string[]> {
  if (groups) {
    const language = await loadLanguage(inventoryContext(groups, world))
    return language.match(pattern, language.inventory)
  }
  const builder = new InventoryBuilder([])
  for (const name of known) builder.addHost(name, { group: 'ungrouped', port: undefined })
  const names = new Set(known)
  // `localhost` is known to every inventory; here it counts only when it has jobs.
  return matchHosts(builder.finish(), pattern).filter((name) => names.has(name))
}
