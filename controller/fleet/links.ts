import type { Logger } from 'pino'
import { ErrandError } from '../../proto/errors.ts'
import type { ClockPort } from '../run/ports.ts'
import type { HostRow, Store } from '../store/store.ts'
import type { AgentCredentials } from './agent-credentials.ts'
import { AgentLink, type LinkEvents, type Reach } from './agent-link.ts'
import type { AgentPlace } from './dial.ts'
import type { LinkedAgent } from './open-connection.ts'
import type { AgentSeat } from './upgrade/agent-seat.ts'

export interface LinksOptions {
  readonly store: Store
  readonly credentials: AgentCredentials
  readonly clock: ClockPort
  readonly heartbeatMs: number
  readonly log: Logger
  readonly events: Pick<LinkEvents, 'onEvent' | 'onGap' | 'onConnected' | 'onLost' | 'onDown'>
  /** Where an agent serves that is not reached by address and port. */
  readonly localSocket: (host: HostRow) => string | undefined
}

/** The links to all agents, each made when it is first asked for. */
export class Links implements AsyncDisposable {
  readonly #options: LinksOptions
  readonly #links = new Map<string, AgentLink>()
  /** The record's rows by agent, so that no event and no attempt reads through all hosts. */
  readonly #hosts = new Map<string, string>()
  readonly #closing = new AbortController()

  constructor(options: LinksOptions) {
    this.#options = options
  }

  /** Learns which agent is on which host. */
  async load(): Promise<void> {
    for (const { agentId, name } of await this.#options.store.hosts.list())
      this.#hosts.set(agentId, name)
  }

  /** The link to an agent of the record. */
  to(agentId: string): AgentLink {
    const known = this.#links.get(agentId)
    if (known) return known
    const { credentials, clock, heartbeatMs, log, events } = this.#options
    const link = new AgentLink({
      agentId,
      credentials,
      clock,
      heartbeatMs,
      log,
      signal: this.#closing.signal,
      events: {
        ...events,
        read: (id) => this.#read(id),
        onNewJournal: (id, journalId) => this.#newJournal(id, journalId),
      },
    })
    this.#links.set(agentId, link)
    return link
  }

  /** For calls to an agent beside its link. */
  async seat(agentId: string): Promise<AgentSeat> {
    const { credentials, clock, log } = this.#options
    return { ...(await this.#read(agentId)), credentials, clock, log }
  }

  reach(agentId: string): Reach {
    return this.#links.get(agentId)?.reach() ?? { kind: 'idle', lastHeardMs: undefined }
  }

  get connectedCount(): number {
    return this.#links
      .values()
      .filter((link) => link.connection !== undefined)
      .toArray().length
  }

  /** Writes a host's row; its agent is known from then on. */
  async save(host: HostRow): Promise<void> {
    await this.#options.store.hosts.save(host)
    this.#hosts.set(host.agentId, host.name)
  }

  /** Forgets a host, and its link when no other name leads to the same agent. */
  async remove(host: HostRow): Promise<void> {
    await this.#options.store.hosts.remove(host.name)
    this.#hosts.delete(host.agentId)
    await this.load()
    if (this.#hosts.has(host.agentId)) return
    await this.#links.get(host.agentId)?.drop('it was removed')
    this.#links.delete(host.agentId)
  }

  /** The host's name that an agent is known by. */
  hostOf(agentId: string): string | undefined {
    return this.#hosts.get(agentId)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new ErrandError('cancelled', 'the controller is leaving'))
    const connections = this.#links
      .values()
      .flatMap((link) => (link.connection ? [link.connection] : []))
    for (const connection of connections.toArray()) {
      connection.close(new ErrandError('cancelled', 'the controller is leaving'))
      await connection.closed
    }
  }

  async #row(agentId: string): Promise<HostRow> {
    const name = this.#hosts.get(agentId)
    const row = name === undefined ? undefined : await this.#options.store.hosts.find(name)
    if (row?.agentId === agentId) return row
    throw new ErrandError('unreachable', `no host has the agent ${agentId} any more`)
  }

  async #read(agentId: string): Promise<LinkedAgent> {
    const row = await this.#row(agentId)
    const { name, journalId, lastSeq, bundleHash } = row
    return { host: name, agentId, place: this.#place(row), journalId, lastSeq, bundleHash }
  }

  #place(row: HostRow): AgentPlace {
    const socketPath = this.#options.localSocket(row)
    return socketPath === undefined
      ? { kind: 'direct', address: row.address, port: row.agentPort }
      : { kind: 'local', socketPath }
  }

  async #newJournal(agentId: string, journalId: string): Promise<void> {
    const { name } = await this.#row(agentId)
    await this.#options.store.hosts.update(name, { journalId, lastSeq: 0 })
  }
}
