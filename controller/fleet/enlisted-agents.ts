import type { ClockPort, HostTarget, PrepareOptions } from '../run/ports.ts'
import type { HostRow, Store } from '../store/store.ts'
import type { InstalledAgent } from './bootstrap/install.ts'
import type { AgentConnection } from './connection.ts'
import type { Links } from './links.ts'
import { newHostRow } from './new-host-row.ts'
import { hopsTo } from './ssh/hops.ts'

export interface EnlistedAgentsOptions {
  readonly store: Store
  readonly links: Links
  readonly clock: ClockPort
}

/** The agents that the record has, and the way to each. */
export class EnlistedAgents {
  readonly #options: EnlistedAgentsOptions

  constructor(options: EnlistedAgentsOptions) {
    this.#options = options
  }

  /** The row for a target, unless the inventory has since moved it elsewhere. */
  async find(target: HostTarget, options: PrepareOptions): Promise<HostRow | undefined> {
    const row = await this.#options.store.hosts.find(target.name)
    if (!row || row.agentPort !== target.agentPort) return undefined
    const hop = hopsTo(target, { ...options, onUnsupported: () => undefined }).at(-1)
    return row.address === hop?.host ? row : undefined
  }

  /** Writes the row of an agent that was installed, before the first call: events may come with the first word. */
  async enlist(name: string, { agentId, address, port, done }: InstalledAgent): Promise<void> {
    const { links, store, clock } = this.#options
    const row = await store.hosts.find(name)
    if (row && row.agentId !== agentId) await links.remove(row)
    const same =
      row?.agentId === agentId
        ? row
        : newHostRow({ name, address, agentPort: port, agentId, nowMs: clock.nowMs() })
    await links.save({ ...same, address, agentPort: port })
    // A restarted agent is a new process behind the old connection.
    if (done.length > 0) await links.to(agentId).drop('the agent was installed anew')
  }

  /** Connects to an agent and writes down what it says of itself. */
  async connect(
    agentId: string,
    options: {
      readonly timeoutMs: number
      readonly isPatient: boolean
      readonly signal: AbortSignal
    },
  ): Promise<AgentConnection> {
    const { links, store, clock } = this.#options
    const connection = await links.to(agentId).use((open) => Promise.resolve(open), options)
    const name = links.hostOf(agentId)
    if (name !== undefined) {
      const { user: agentUser, isRoot, version, containment, bundleHash } = connection.welcome
      const now = { agentUser, isRoot, version, containment, bundleHash }
      await store.hosts.update(name, { ...now, lastSeenMs: clock.nowMs() })
    }
    return connection
  }
}
