import { join } from 'node:path'
import type { Logger } from 'pino'
import type { InstallProgress } from '../proto/control.ts'
import type { InstallRequest } from '../proto/run.ts'
import type { FleetPort } from './api/fleet-port.ts'
import { clientSettings } from './client-settings.ts'
import type { ControllerConfig } from './config.ts'
import type { World } from './daemon.ts'
import { openFleet, type Fleet } from './fleet/fleet.ts'
import { systemClock } from './fleet/system-clock.ts'
import { installTargets } from './install-targets.ts'
import { listPrompts } from './list-prompts.ts'
import { matchKnownHosts } from './match-known-hosts.ts'
import { AnsibleCores } from './packer/ansible-cores.ts'
import { Packer } from './packer/packer.ts'
import { Plugins } from './plugins/plugins.ts'
import { run } from './run/run.ts'
import { Leaving } from './runs/interruption.ts'
import { showInventory } from './show-inventory.ts'
import type { Store } from './store/store.ts'

/** Joins the fleet and the playbooks: what a controller drives runs with. */
export async function openWorld(
  config: ControllerConfig,
  store: Store,
  log: Logger,
): Promise<World> {
  const { home, agentBundleFile, runtimePath, repeatSubmits, heartbeatMs, pluginMs } = config
  const fleet = await openFleet({
    home,
    store,
    log,
    agentBundlePath: agentBundleFile,
    runtimePath,
    repeatSubmits,
    heartbeatMs,
    clock: systemClock,
  })
  await fleet.resume()
  const cores = new AnsibleCores()
  const modules = new Packer({ dir: join(home, 'modules'), cores, log })
  const plugins = new Plugins({ cores, limitMs: pluginMs, log })
  const reading = { agents: fleet, jobs: fleet, clock: systemClock, modules, plugins, log }
  return {
    fleet: new InstallingFleet(fleet, log),
    language: {
      settings: clientSettings,
      prompts: (request, { signal }) => listPrompts(request, { ...reading, signal }),
      inventory: (request, { signal }) => showInventory(request, { ...reading, signal }),
    },
    execute: async (request, context) => {
      try {
        context.signal.throwIfAborted()
        return await run(request, {
          ...context,
          agents: fleet,
          jobs: fleet,
          clock: systemClock,
          modules,
          plugins,
        })
      } finally {
        // The next controller comes to what this one did not.
        const isLeft = context.signal.reason instanceof Leaving
        if (context.recorded && !isLeft) await fleet.takeUp(context.runId)
      }
    },
    takeUp: (runId) => fleet.takeUp(runId),
    [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose](),
  }
}

/** The fleet as the control service sees it: hosts to install are named by a pattern of the user's inventory. */
class InstallingFleet implements FleetPort {
  readonly #fleet: Fleet
  readonly #log: Logger
  readonly wait: FleetPort['wait']
  readonly cancel: FleetPort['cancel']
  readonly followOutput: FleetPort['followOutput']
  readonly connection: FleetPort['connection']
  readonly build: FleetPort['build']
  readonly onNewJob: FleetPort['onNewJob']
  readonly progress: FleetPort['progress']

  constructor(fleet: Fleet, log: Logger) {
    this.#fleet = fleet
    this.#log = log
    this.wait = (jobId, options) => fleet.wait(jobId, options)
    this.cancel = (jobId, options) => fleet.cancel(jobId, options)
    this.followOutput = (jobId, options) => fleet.followOutput(jobId, options)
    this.connection = (agentId) => fleet.connection(agentId)
    this.build = (host) => fleet.build(host)
    this.onNewJob = (listener) => fleet.onNewJob(listener)
    this.progress = (agentId, questions, options) => fleet.progress(agentId, questions, options)
  }

  get connectedHosts(): number {
    return this.#fleet.connectedHosts
  }

  matchHosts(
    pattern: string,
    { signal, ...hosts }: Parameters<FleetPort['matchHosts']>[1],
  ): Promise<readonly string[]> {
    return matchKnownHosts(pattern, hosts, this.#reading(signal))
  }

  async *install(
    request: InstallRequest,
    { signal }: Abortable,
  ): AsyncGenerator<InstallProgress, void> {
    yield* this.#fleet.install(await this.#targets(request, signal), rosterOptions(request, signal))
  }

  async *upgrade(
    request: InstallRequest,
    { signal }: Abortable,
  ): AsyncGenerator<InstallProgress, void> {
    yield* this.#fleet.upgrade(await this.#targets(request, signal), rosterOptions(request, signal))
  }

  async *uninstall(
    request: InstallRequest,
    { signal }: Abortable,
  ): AsyncGenerator<InstallProgress, void> {
    yield* this.#fleet.uninstall(
      await this.#targets(request, signal),
      rosterOptions(request, signal),
    )
  }

  #targets(request: InstallRequest, signal: AbortSignal) {
    return installTargets(request, this.#reading(signal))
  }

  /** What reading the user's files asks of the world. */
  #reading(signal: AbortSignal) {
    const fleet = this.#fleet
    return { agents: fleet, jobs: fleet, clock: systemClock, log: this.#log, signal }
  }
}

interface Abortable {
  readonly signal: AbortSignal
}

function rosterOptions(
  { connection, environment, forks, force }: InstallRequest,
  signal: AbortSignal,
) {
  return {
    acceptNewHostKeys: connection.acceptNewHostKeys,
    nodeRuntimeFile: connection.nodeRuntimeFile,
    environment,
    forks,
    force,
    signal,
  }
}
