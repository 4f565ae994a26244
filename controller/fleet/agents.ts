import type { Logger } from 'pino'
import type { InstallProgress } from '../../proto/control.ts'
import { ErrandError } from '../../proto/errors.ts'
import { join } from 'node:path'
import type {
  AgentsPort,
  ClockPort,
  HostTarget,
  PreparedHost,
  PrepareOptions,
} from '../run/ports.ts'
import type { HostRow, Store } from '../store/store.ts'
import type { Authority } from './authority.ts'
import {
  installAgent,
  type InstalledAgent,
  type InstallOptions,
  type InstallSettings,
} from './bootstrap/install.ts'
import { Parcels } from './bootstrap/parcels.ts'
import type { Arch } from './bootstrap/probe.ts'
import type { AgentConnection } from './connection.ts'
import { EnlistedAgents } from './enlisted-agents.ts'
import { forkEach } from './fork-each.ts'
import type { FleetJobs } from './jobs.ts'
import type { Links } from './links.ts'
import { localHostName, type LocalAgent } from './local-agent.ts'
import { newHostRow } from './new-host-row.ts'
import { hasNoAgent, installed, prepared, SpeaksOtherwise } from './prepared-host.ts'
import { removeAgent } from './remove-agent.ts'
import { Turns } from './turns.ts'
import { Ways } from './ways.ts'
import { HostUpgrades } from './upgrade/host-upgrades.ts'
import { OnTrial } from './upgrade/on-trial.ts'

export interface FleetAgentsOptions {
  readonly store: Store
  readonly links: Links
  readonly jobs: FleetJobs
  readonly local: LocalAgent
  readonly authority: Authority
  readonly home: string
  readonly bundlePath: string
  readonly packagedRuntime: (arch: Arch) => string | undefined
  readonly clock: ClockPort
  readonly log: Logger
}

/** How several hosts are installed or uninstalled. */
export interface RosterOptions extends Omit<InstallOptions, 'onStep'> {
  /** How many at a time. */
  readonly forks: number
}

/** An agent that is not answering at once is looked at over SSH, which has the whole time-out. */
const firstTryMs = 5000

/** How long an upgrade that somebody else began may take to end. */
const upgradeMs = 120_000

/** Finds agents, and puts them there or takes them away. */
export class FleetAgents implements AgentsPort {
  readonly #options: FleetAgentsOptions
  readonly #settings: InstallSettings
  readonly #agents: EnlistedAgents
  readonly #turns = new Turns()
  readonly #ways: Ways
  readonly #closing = new AbortController()
  readonly #upgrades: HostUpgrades

  constructor(options: FleetAgentsOptions) {
    this.#options = options
    const { authority, bundlePath, packagedRuntime, clock, log, home } = options
    this.#agents = new EnlistedAgents(options)
    this.#ways = new Ways(options)
    const parcels = new Parcels(join(home, 'cache'))
    this.#settings = {
      authority,
      parcels,
      bundlePath,
      packagedRuntime,
      nowMs: () => clock.nowMs(),
      log,
    }
    this.#upgrades = new HostUpgrades(options.links, () => parcels.open(bundlePath))
  }

  prepare(target: HostTarget, options: PrepareOptions): Promise<PreparedHost> {
    if (target.connection === 'local')
      return this.#turns.take(localHostName, async () => {
        const host = await this.#prepareLocal(target, options)
        await this.#ways.note(host.agentId, target, options)
        return host
      })
    return this.#turns.take(target.name, async () => {
      const row = await this.#agents.find(target, options)
      // Also when it is away now: it may come back without its agent.
      if (row) await this.#ways.note(row.agentId, target, options)
      const host = await this.#prepareRemote(row, target, options)
      if (host.agentId !== row?.agentId) await this.#ways.note(host.agentId, target, options)
      return host
    })
  }

  /** Starts an agent again that has died while jobs of it run, when the last run on its host was free to install it. */
  async revive(agentId: string): Promise<void> {
    const { log } = this.#options
    const way = await this.#ways.find(agentId)
    if (way?.options.install !== true || this.#closing.signal.aborted) return
    const { target } = way
    log.warn({ host: target.name, agentId }, 'agent is down, starts it again')
    const options = {
      ...way.options,
      force: false,
      onStep: () => undefined,
      signal: this.#closing.signal,
    }
    try {
      if (target.connection === 'local')
        await this.#turns.take(localHostName, () => this.#prepareLocal(target, options))
      else await this.#turns.take(target.name, () => this.#put(target, options))
    } catch (error) {
      log.warn({ err: error, host: target.name, agentId }, 'agent could not be started again')
    }
  }

  [Symbol.dispose](): void {
    this.#closing.abort(new ErrandError('cancelled', 'the controller is leaving'))
  }

  install(targets: readonly HostTarget[], options: RosterOptions): AsyncIterable<InstallProgress> {
    return forkEach(targets, options, (target, onStep) =>
      this.#turns.take(target.name, async () => {
        if (target.connection === 'local') {
          await this.#prepareLocal(target, options)
          return { step: 'done', message: 'the local agent answers' }
        }
        const { done, connection } = await this.#put(target, { ...options, onStep })
        return { step: 'done', message: installed(done, connection) }
      }),
    )
  }

  /** Puts this controller's build in the place of agents of another, jobs running. */
  upgrade(targets: readonly HostTarget[], options: RosterOptions): AsyncIterable<InstallProgress> {
    return forkEach(targets, options, (target, onStep) =>
      this.#turns.take(target.name, () => this.#upgrade(target, { ...options, onStep })),
    )
  }

  /** The bundle that this controller puts on hosts: SHA-256 in hex. */
  async bundleHash(): Promise<string> {
    return (await this.#settings.parcels.open(this.#settings.bundlePath)).hash
  }

  uninstall(
    targets: readonly HostTarget[],
    options: RosterOptions,
  ): AsyncIterable<InstallProgress> {
    return forkEach(targets, options, (target, onStep) =>
      this.#turns.take(target.name, () => this.#remove(target, { ...options, onStep })),
    )
  }

  async #prepareLocal(
    target: HostTarget,
    { signal }: Pick<PrepareOptions, 'signal'>,
  ): Promise<PreparedHost> {
    const { links, local, store, clock } = this.#options
    const bundle = await this.#settings.parcels.open(this.#settings.bundlePath)
    const row = await store.hosts.find(localHostName)
    const open = row && links.to(row.agentId).connection
    if (open?.welcome.bundleHash === bundle.hash) return prepared(target, open)
    const agentId = await local.ensure(bundle, { signal })
    if (row?.agentId !== agentId) {
      if (row) await links.remove(row)
      await links.save(
        newHostRow({
          name: localHostName,
          address: 'localhost',
          agentPort: 0,
          agentId,
          nowMs: clock.nowMs(),
        }),
      )
    }
    const options = { timeoutMs: target.timeoutMs, isPatient: true, signal }
    const connection = await this.#agents.connect(agentId, options).catch(undefinedWhenUnsupported)
    if (connection?.welcome.bundleHash === bundle.hash) return prepared(target, connection)
    await local.stop({ signal })
    await local.ensure(bundle, { signal })
    await links.to(agentId).drop('the agent was replaced by a newer one')
    return prepared(target, await this.#agents.connect(agentId, options))
  }

  /** An agent of another build is good enough as long as it speaks our protocol: `errand upgrade` is for the rest. */
  async #prepareRemote(
    row: HostRow | undefined,
    target: HostTarget,
    options: PrepareOptions,
  ): Promise<PreparedHost> {
    try {
      return prepared(target, await this.#reachOrPut(row, target, options))
    } catch (error) {
      if (!row || !(error instanceof ErrandError) || options.signal.aborted) throw error
      if (error instanceof OnTrial) return prepared(target, await this.#waitFor(row, options))
      if (!(error instanceof SpeaksOtherwise) || !options.install) throw error
      return await this.#bringUp(row, target, options)
    }
  }

  async #reachOrPut(
    row: HostRow | undefined,
    target: HostTarget,
    options: PrepareOptions,
  ): Promise<AgentConnection> {
    const { install, signal } = options
    if (row) {
      const timeoutMs = install ? Math.min(firstTryMs, target.timeoutMs) : target.timeoutMs
      try {
        return await this.#agents.connect(row.agentId, { timeoutMs, isPatient: false, signal })
      } catch (error) {
        if (!(error instanceof ErrandError) || error instanceof OnTrial) throw error
        if (error.code === 'unsupported') throw new SpeaksOtherwise(error)
        if (!install || signal.aborted) throw error
      }
    }
    if (!install) throw hasNoAgent(target)
    return (await this.#put(target, { ...options, force: false })).connection
  }

  /** Until an upgrade that somebody else began has ended. */
  #waitFor({ agentId }: HostRow, { signal }: PrepareOptions): Promise<AgentConnection> {
    return this.#agents.connect(agentId, { timeoutMs: upgradeMs, isPatient: true, signal })
  }

  /** Upgrades an agent that this controller cannot speak to. */
  async #bringUp(row: HostRow, target: HostTarget, options: PrepareOptions): Promise<PreparedHost> {
    const { timeoutMs } = target
    await this.#upgrades.forProtocol(row, { ...options, timeoutMs })
    const { signal } = options
    return prepared(
      target,
      await this.#agents.connect(row.agentId, { timeoutMs, isPatient: true, signal }),
    )
  }

  async #upgrade(
    target: HostTarget,
    options: InstallOptions,
  ): Promise<Pick<InstallProgress, 'step' | 'message'>> {
    const { signal } = options
    if (target.connection === 'local') {
      await this.#prepareLocal(target, options)
      return { step: 'done', message: 'the local agent is always of this build' }
    }
    const row = await this.#agents.find(target, { ...options, install: true })
    if (!row) return { step: 'skipped', message: 'it has no agent: errand install puts one there' }
    const { timeoutMs } = target
    const upgraded = await this.#upgrades.upgrade(row, { ...options, timeoutMs })
    await this.#agents.connect(row.agentId, { timeoutMs, isPatient: true, signal })
    return upgraded
  }

  async #put(
    target: HostTarget,
    options: InstallOptions,
  ): Promise<{ readonly done: readonly string[]; readonly connection: AgentConnection }> {
    let connection: AgentConnection | undefined
    const answer = async (agent: InstalledAgent) => {
      await this.#agents.enlist(target.name, agent)
      connection = await this.#agents.connect(agent.agentId, {
        timeoutMs: target.timeoutMs,
        isPatient: true,
        signal: options.signal,
      })
    }
    const { done } = await installAgent(target, this.#settings, { ...options, answer })
    if (!connection) throw new ErrandError('internal', 'an installation ended without an answer')
    return { done, connection }
  }

  #remove(
    target: HostTarget,
    options: InstallOptions,
  ): Promise<Pick<InstallProgress, 'step' | 'message'>> {
    return removeAgent(target, { ...this.#options, ...options })
  }
}

/** For a `catch`: an agent of another protocol is as good as none where it is to be replaced. */
function undefinedWhenUnsupported(error: unknown): undefined {
  if (!(error instanceof ErrandError) || error.code !== 'unsupported') throw error
}
