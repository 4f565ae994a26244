import { ErrandError } from '../proto/errors.ts'
import type { InstallRequest, RunRequest } from '../proto/run.ts'
import { loadLanguage } from './run/load-language.ts'
import type { HostTarget } from './run/ports.ts'
import { RunContext } from './run/run-context.ts'
import type { World } from './run/world.ts'

/**
 * How to reach the hosts that a request means: by the same inventory, variables and flags as a run of one module there.
 *
 * @throws {ErrandError} what is wrong with the inventory; `not_found` when the pattern means no host.
 */
export async function installTargets(
  request: InstallRequest,
  world: Omit<World, 'record' | 'runId'>,
): Promise<readonly HostTarget[]> {
  const record = { append: () => Promise.resolve(), keep: () => Promise.resolve() }
  const context = new RunContext(asRun(request), { ...world, record, runId: '' })
  const language = await loadLanguage(context)
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

function asRun({ force: _force, pattern, ...request }: InstallRequest): RunRequest {
  return {
    ...request,
    kind: 'adhoc',
    title: 'install',
    playbooks: [],
    adhoc: { pattern, module: 'ping', args: '', asyncSeconds: 0, pollSeconds: 0, oneLine: false },
    tags: [],
    skipTags: [],
    check: false,
    diff: false,
    verbosity: 0,
    forceHandlers: false,
    flushCache: false,
    noInstall: false,
  }
}
