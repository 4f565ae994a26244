import { ErrandError } from '../proto/errors.ts'
import type { InstallRequest } from '../proto/run.ts'
import { inventoryContext, type ListingWorld } from './reading-run.ts'
import { loadLanguage } from './run/load-language.ts'
import type { HostTarget } from './run/ports.ts'

/**
 * How to reach the hosts that a request means: by the same inventory, variables and flags as a run of one module there.
 *
 * @throws {ErrandError} what is wrong with the inventory; `not_found` when the pattern means no host.
 */
export async function installTargets(
  request: InstallRequest,
  world: ListingWorld,
): Promise<readonly HostTarget[]> {
  const language = await loadLanguage(inventoryContext(request, world))
  const play = language.playbooks[0]?.plays[0]
  const names = language.match(request.pattern, language.inventory)
  if (!play || names.length === 0) {
    throw new ErrandError(
      'not_found',
      `the pattern "${request.pattern}" means no host of the inventory`,
    )
  }
  return names.map((host) => language.target(host, { host, play }))
}
