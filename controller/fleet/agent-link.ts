import { abortReason, untilAborted } from '../../proto/call.ts'
import { ErrandError, errorCodeFrom } from '../../proto/errors.ts'
import type { JobId } from '../../proto/job.ts'
import { Backoff } from './backoff.ts'
import type { AgentConnection } from './connection.ts'
import { diagnose } from './diagnose.ts'
import { placeName } from './dial.ts'
import { openConnection, type OpeningEvents, type OpeningOptions } from './open-connection.ts'
import { OnTrial } from './upgrade/on-trial.ts'

/** How an agent can be reached now. Times by the controller's clock. */
export type Reach =
  | { readonly kind: 'connected'; readonly lastHeardMs: number }
  | {
      readonly kind: 'unreachable'
      readonly sinceMs: number
      readonly lastHeardMs: number | undefined
      readonly reason: string
    }
  /** Nobody has asked for it lately. */
  | { readonly kind: 'idle'; readonly lastHeardMs: number | undefined }

/** What happens on a link, told to its owner. */
export interface LinkEvents extends OpeningEvents {
  /** Events are missing between the last two: the record has lost some, or the agent has. */
  readonly onGap: (link: AgentLink) => void
  /** A connection is there; `isNewJournal` when jobs of the old one may be gone. */
  readonly onConnected: (link: AgentLink, isNewJournal: boolean) => void
  readonly onLost: (link: AgentLink, lastHeardMs: number) => void
  /** The host is up and nothing listens there while jobs are out: the agent may have to be started again. */
  readonly onDown: (link: AgentLink) => Promise<void>
}

export interface LinkOptions extends OpeningOptions {
  readonly events: LinkEvents
}

export interface UseOptions {
  /** How long the agent may stay silent. */
  readonly timeoutMs: number
  /** Whether to try again while there is time. Default true. */
  readonly isPatient?: boolean
  readonly signal: AbortSignal
}

const firstDelayMs = 250
const attemptMs = 10_000
const idleMs = 60_000
const refusalsBeforeHelp = 3

/**
 * The way to one agent: at most one connection, opened when somebody asks, kept and opened again as long as jobs are
 * out there, closed when nobody has needed it for a minute.
 */
export class AgentLink {
  readonly agentId: string
  /** Jobs that have not ended: while there are any, the link stays up. */
  readonly jobsOut = new Set<JobId>()
  readonly #options: LinkOptions
  #connection: AgentConnection | undefined
  #attempt: Promise<AgentConnection> | undefined
  #lastHeardMs: number | undefined
  #unreachableSince: { readonly ms: number; readonly reason: string } | undefined
  #isRetrying = false
  #held: Promise<void> | undefined
  #users = 0
  #idleTimer: NodeJS.Timeout | undefined

  constructor(options: LinkOptions) {
    this.agentId = options.agentId
    this.#options = options
  }

  get connection(): AgentConnection | undefined {
    return this.#connection
  }

  reach(): Reach {
    if (this.#connection) return { kind: 'connected', lastHeardMs: this.#connection.lastHeardMs }
    const lastHeardMs = this.#lastHeardMs
    const since = this.#unreachableSince
    if (!since) return { kind: 'idle', lastHeardMs }
    return { kind: 'unreachable', sinceMs: since.ms, lastHeardMs, reason: since.reason }
  }

  /** Keeps the link up until the job has ended. */
  addJob(jobId: JobId): void {
    this.jobsOut.add(jobId)
    this.#stayUp()
  }

  removeJob(jobId: JobId): void {
    this.jobsOut.delete(jobId)
    this.#watchIdle()
  }

  /**
   * Works with a connection, opening one when there is none.
   *
   * @throws {ErrandError} `unreachable` or `denied` when there is none within `timeoutMs`, with the sentence why.
   */
  async use<T>(work: (connection: AgentConnection) => Promise<T>, options: UseOptions): Promise<T> {
    this.#users += 1
    const begin = (connection: AgentConnection) => {
      // Who has given up must not find it done later.
      if (options.signal.aborted) throw abortReason(options.signal)
      return work(connection)
    }
    try {
      return await untilAborted(this.#connected(options).then(begin), options.signal)
    } finally {
      this.#users -= 1
      this.#watchIdle()
    }
  }

  /** Ends the connection and waits until it has; another is opened when it is needed. */
  async drop(reason: string): Promise<void> {
    const connection = this.#connection
    connection?.close(new ErrandError('unreachable', reason))
    await connection?.closed
  }

  /** Ends the connection and lets nobody open one until the function that it gives is called. */
  async hold(reason: string): Promise<() => void> {
    const attempt = this.#attempt
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#held = promise
    await attempt?.catch(() => undefined) // told to who made it
    await this.drop(reason)
    return () => {
      this.#held = undefined
      resolve()
    }
  }

  async #connected({ timeoutMs, isPatient = true, signal }: UseOptions): Promise<AgentConnection> {
    if (this.#connection) return this.#connection
    const untilMs = performance.now() + timeoutMs
    for (;;) {
      try {
        return await this.#connect(timeoutMs)
      } catch (error) {
        const leftMs = untilMs - performance.now()
        if (signal.aborted) throw abortReason(signal)
        if (!isPatient || leftMs <= 0 || !isTransient(error)) {
          throw await this.#explain(error, timeoutMs)
        }
        await this.#options.clock.sleep(Math.min(firstDelayMs, leftMs), this.#options)
      }
    }
  }

  /** All who ask at the same time share one attempt. */
  #connect(timeoutMs: number): Promise<AgentConnection> {
    if (this.#connection) return Promise.resolve(this.#connection)
    this.#attempt ??= this.#openOnce(timeoutMs).finally(() => {
      this.#attempt = undefined
    })
    return this.#attempt
  }

  async #openOnce(timeoutMs: number): Promise<AgentConnection> {
    await this.#held
    try {
      const onGap = () => this.#options.events.onGap(this)
      const { connection, isNewJournal } = await openConnection(this.#options, { timeoutMs, onGap })
      this.#begin(connection, isNewJournal)
      return connection
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#unreachableSince ??= { ms: this.#options.clock.nowMs(), reason }
      throw error
    }
  }

  #begin(connection: AgentConnection, isNewJournal: boolean): void {
    this.#connection = connection
    this.#unreachableSince = undefined
    this.#lastHeardMs = connection.lastHeardMs
    void this.#await(connection)
    this.#options.log.debug({ agentId: this.agentId }, 'agent connected')
    this.#options.events.onConnected(this, isNewJournal)
    this.#watchIdle()
  }

  async #await(connection: AgentConnection): Promise<void> {
    this.#lost(connection, await connection.closed)
  }

  #lost(connection: AgentConnection, reason: ErrandError): void {
    if (this.#connection !== connection) return
    const { clock, log, events, signal } = this.#options
    this.#connection = undefined
    this.#lastHeardMs = connection.lastHeardMs
    if (signal.aborted) return
    if (this.#isNeeded()) this.#unreachableSince = { ms: clock.nowMs(), reason: reason.message }
    log.info({ agentId: this.agentId, reason: reason.message }, 'agent connection ended')
    events.onLost(this, connection.lastHeardMs)
    this.#stayUp()
  }

  #isNeeded(): boolean {
    return this.#users > 0 || this.jobsOut.size > 0
  }

  #stayUp(): void {
    if (
      this.#isRetrying ||
      this.#connection ||
      this.jobsOut.size === 0 ||
      this.#options.signal.aborted
    )
      return
    this.#isRetrying = true
    void this.#retry().finally(() => {
      this.#isRetrying = false
      if (!this.#connection) this.#stayUp()
    })
  }

  /** Tries until there is a connection or nobody needs one; never rejects. */
  async #retry(): Promise<void> {
    const { clock, signal, log, events } = this.#options
    let refusals = 0
    const backoff = new Backoff({ clock })
    while (this.jobsOut.size > 0) {
      try {
        await this.#connect(attemptMs)
        return
      } catch (error) {
        log.debug({ err: error, agentId: this.agentId }, 'agent does not answer')
        refusals += isRefusal(error) ? 1 : 0
        // An init system has had its time to do it by the third; what kept it from coming up may be gone later.
        if (isRefusal(error) && refusals % refusalsBeforeHelp === 0) await events.onDown(this)
      }
      try {
        await backoff.wait({ signal })
      } catch {
        return // the fleet closes
      }
    }
  }

  #watchIdle(): void {
    clearTimeout(this.#idleTimer)
    if (this.#isNeeded() || !this.#connection) return
    this.#idleTimer = setTimeout(() => {
      if (!this.#isNeeded()) void this.drop('nobody needs it')
    }, idleMs)
    this.#idleTimer.unref()
  }

  async #explain(error: unknown, timeoutMs: number): Promise<unknown> {
    if (!(error instanceof ErrandError) || error instanceof OnTrial) return error
    const { host, place } = await this.#options.events.read(this.agentId)
    if (error.code === 'unreachable') {
      const suspect = { host, agentId: this.agentId, place }
      return diagnose(suspect, {
        credentials: this.#options.credentials,
        timeoutMs: Math.min(timeoutMs, 3000),
        cause: error,
      })
    }
    if (error.code === 'internal') return error
    return new ErrandError(
      errorCodeFrom(error.code),
      `${host}: ${error.message} (at ${placeName(place)})`,
      { cause: error },
    )
  }
}

/** A refused connection may be an agent that is just starting: worth another try while there is time. */
function isTransient(error: unknown): boolean {
  if (!(error instanceof ErrandError) || error.code !== 'unreachable') return false
  return !/certificate|authorit|alert|self.signed/iu.test(error.message)
}

function isRefusal(error: unknown): boolean {
  return error instanceof ErrandError && /ECONNREFUSED|ENOENT/u.test(error.message)
}
