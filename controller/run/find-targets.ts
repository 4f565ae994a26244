import type { Logger } from 'pino'
import { ErrandError } from '../../proto/errors.ts'
import type { InstallRequest, RunRequest } from '../../proto/run.ts'
import { loadLanguage } from './load-language.ts'
import type { ClockPort, HostTarget } from './ports.ts'
import { RunContext } from './run-context.ts'

/**
 * How to reach each host that an install request names: the inventory's variables rendered, nothing run.
 *
 * @throws {ErrandError} what is wrong with the inventory; `not_found` when the pattern matches no host.
 */
export async function findTargets(
  request: InstallRequest,
  options: { readonly clock: ClockPort; readonly log: Logger; readonly signal: AbortSignal },
): Promise<readonly HostTarget[]> {
  const context = new RunContext(asRun(request), {
    ...options,
    runId: 'install',
    agents: { prepare: neverRun },
    jobs: nothingRuns,
    record: { append: () => Promise.resolve() },
  })
  const language = await loadLanguage(context)
  const [play] = language.playbooks.flatMap(({ plays }) => plays)
  if (!play) throw new ErrandError('internal', 'an ad-hoc playbook has one play')
  const names = language.match(request.pattern, context.inventory())
  if (names.length === 0) {
    throw new ErrandError('not_found', `no host of the inventory matches "${request.pattern}"`)
  }
  return names.map((host) => language.target(host, { host, play }))
}

function asRun(request: InstallRequest): RunRequest {
  const { pattern, force: _force, ...common } = request
  return {
    ...common,
    kind: 'adhoc',
    title: `install ${pattern}`,
    playbooks: [],
    adhoc: {
      pattern,
      module: 'ping',
      args: '',
      asyncSeconds: 0,
      pollSeconds: 0,
      oneLine: false,
    },
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

function neverRun(): never {
  throw new ErrandError('internal', 'finding hosts runs nothing on them')
}

const nothingRuns = {
  start: neverRun,
  wait: neverRun,
  look: neverRun,
  output: neverRun,
  cancel: neverRun,
  forget: neverRun,
  upload: neverRun,
  download: neverRun,
}
