import type { Logger } from 'pino'
import { ErrandError } from '../../proto/errors.ts'
import type { JobEvent } from '../../proto/job.ts'
import type { ClockPort } from '../run/ports.ts'
import type { AgentCredentials } from './agent-credentials.ts'
import { AgentConnection } from './connection.ts'
import type { AgentPlace } from './dial.ts'
import { refuseOnTrial } from './upgrade/agent-seat.ts'

/** What a link needs to know of an agent in the record. */
export interface LinkedAgent {
  readonly host: string
  readonly agentId: string
  readonly place: AgentPlace
  readonly journalId: string
  readonly lastSeq: number
  /** The bundle that it was last known to run; empty: none yet. */
  readonly bundleHash: string
}

/** What opening a connection reads and tells. */
export interface OpeningEvents {
  /** Reads from the record where the agent's journal stands. */
  readonly read: (agentId: string) => Promise<LinkedAgent>
  /** The journal is another than the record knows: its numbers begin anew. */
  readonly onNewJournal: (agentId: string, journalId: string) => Promise<void>
  /** Stores an event. */
  readonly onEvent: (agentId: string, event: JobEvent) => Promise<void>
}

export interface OpeningOptions {
  readonly agentId: string
  readonly credentials: AgentCredentials
  readonly events: OpeningEvents
  readonly clock: ClockPort
  /** How often each side is heard of when it has nothing to say. */
  readonly heartbeatMs: number
  readonly log: Logger
  /** Aborts when the fleet closes. */
  readonly signal: AbortSignal
}

interface Opening {
  readonly timeoutMs: number
  /** Events are missing between the last two: the record has lost some, or the agent has. */
  readonly onGap: () => void
}

/**
 * Opens a connection from where the record stands in the agent's journal; when the agent has another journal by now,
 * from the start of that.
 *
 * @returns The connection, and whether jobs of the journal before may be gone.
 */
export async function openConnection(
  options: OpeningOptions,
  opening: Opening,
): Promise<{ readonly connection: AgentConnection; readonly isNewJournal: boolean }> {
  const { events, agentId } = options
  const agent = await events.read(agentId)
  const accepted = Promise.withResolvers<void>()
  accepted.promise.catch(() => undefined) // nobody may be waiting
  const connection = await openFrom(agent, options, { ...opening, accepted: accepted.promise })
  const { journalId } = connection.welcome
  if (journalId === agent.journalId) {
    accepted.resolve()
    return { connection, isNewJournal: false }
  }
  await events.onNewJournal(agentId, journalId)
  if (agent.lastSeq === 0) {
    accepted.resolve()
    return { connection, isNewJournal: true }
  }
  const anew = new ErrandError('unreachable', 'the journal begins anew')
  accepted.reject(anew)
  connection.close(anew)
  const fromStart = { ...opening, accepted: Promise.resolve() }
  return {
    connection: await openFrom({ ...agent, lastSeq: 0 }, options, fromStart),
    isNewJournal: true,
  }
}

/** Events are taken once the connection is accepted: numbers of another journal must not be counted in this one. */
function openFrom(
  agent: LinkedAgent,
  { credentials, clock, heartbeatMs, log, signal, events, agentId }: OpeningOptions,
  { timeoutMs, onGap, accepted }: Opening & { readonly accepted: Promise<void> },
): Promise<AgentConnection> {
  let { lastSeq } = agent
  return AgentConnection.open({
    agentId,
    place: agent.place,
    credentials,
    lastSeq: agent.lastSeq,
    heartbeatMs,
    onEvent: async (event) => {
      await accepted
      await events.onEvent(agentId, event)
      const isGap = event.seq !== lastSeq + 1
      if (isGap) log.warn({ agentId, lastSeq, seq: event.seq }, 'events are missing')
      lastSeq = event.seq
      if (isGap) onGap()
    },
    admit: async ({ bundleHash }, client) => {
      if (agent.bundleHash === '' || bundleHash === agent.bundleHash) return
      await refuseOnTrial(client, { host: agent.host, signal })
    },
    clock,
    log,
    timeoutMs,
    signal,
  })
}
