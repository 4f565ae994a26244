import { setInterval } from 'node:timers'
import type { ClientDuplexStream } from '@grpc/grpc-js'
import type { Logger } from 'pino'
import { agentMessageFromWire, controllerMessageToWire } from '../../proto/agent-codec.ts'
import type { AgentMessage, ControllerMessage, Welcome } from '../../proto/agent-messages.ts'
import { abortReason, errorFromCall } from '../../proto/call.ts'
import { ErrandError } from '../../proto/errors.ts'
import type { AgentClient } from '../../proto/gen/errand/agent/v1/Agent.ts'
import type { AgentMessage__Output } from '../../proto/gen/errand/agent/v1/AgentMessage.ts'
import type { ControllerMessage as WireControllerMessage } from '../../proto/gen/errand/agent/v1/ControllerMessage.ts'
import type { JobEvent, JobId, JobReport, JobSpec } from '../../proto/job.ts'
import { agentClient } from '../../proto/load.ts'
import { messages } from '../../proto/stream.ts'
import { errandVersion, protocolVersion } from '../../proto/version.ts'
import type { ClockPort } from '../run/ports.ts'
import type { AgentCredentials } from './agent-credentials.ts'
import { channelTarget, dialOptions, type AgentPlace } from './dial.ts'

export interface ConnectionOptions {
  readonly agentId: string
  readonly place: AgentPlace
  readonly credentials: AgentCredentials
  /** The last event number stored. */
  readonly lastSeq: number
  /** Stores an event. It is acknowledged when this has resolved; when it rejects, the connection ends. */
  readonly onEvent: (event: JobEvent) => Promise<void>
  readonly clock: ClockPort
  /** How often each side is heard of when it has nothing to say. */
  readonly heartbeatMs: number
  readonly log: Logger
  /** Looks at who said welcome before any word of it is taken; what it throws ends the connection. */
  readonly admit?: (welcome: Welcome, client: AgentClient) => Promise<void>
  /** How long the welcome may take. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

type Stream = ClientDuplexStream<WireControllerMessage, AgentMessage__Output>
type Request = Exclude<ControllerMessage, { readonly kind: 'hello' | 'acknowledge' | 'heartbeat' }>
type WithoutNumber<T> = T extends unknown ? Omit<T, 'request'> : never

interface Waiting {
  readonly resolve: (report: JobReport) => void
  readonly reject: (error: Error) => void
}

/** Silence for this many heartbeats means that the agent is gone. */
const heartbeatsMissed = 3

/** One long stream to an agent that has said welcome, and the client beside it for files and output. */
export class AgentConnection {
  readonly client: AgentClient
  readonly welcome: Welcome
  /** Resolves, never rejects, with the reason when the connection is over. */
  readonly closed: Promise<ErrandError>
  /** When the agent last said anything, by the controller's clock. */
  lastHeardMs: number
  /** The same by a clock that nobody sets: silence is measured by it. */
  #heardAtMs = performance.now()
  readonly #stream: Stream
  readonly #options: ConnectionOptions
  readonly #waiting = new Map<number, Waiting>()
  readonly #end = new AbortController()
  #nextRequest = 1

  private constructor(opened: Opened, options: ConnectionOptions) {
    this.client = opened.client
    this.welcome = opened.welcome
    this.#stream = opened.stream
    this.#options = options
    this.lastHeardMs = options.clock.nowMs()
    this.closed = this.#read(opened.incoming)
  }

  /**
   * Says hello and waits for the welcome.
   *
   * @throws {ErrandError} `unreachable`, `denied`, or `unsupported` for another protocol.
   */
  static async open(options: ConnectionOptions): Promise<AgentConnection> {
    return new AgentConnection(await open(options), options)
  }

  submit(spec: JobSpec): Promise<JobReport> {
    return this.#ask({ kind: 'submit', spec })
  }

  look(jobId: JobId): Promise<JobReport> {
    return this.#ask({ kind: 'look', jobId, callOff: false })
  }

  /**
   * How a job is; one that the agent does not know never starts there.
   *
   * @throws {ErrandError} `not_found` for such a one. (An agent of an older build says so too, and only looks.)
   */
  callOff(jobId: JobId): Promise<JobReport> {
    return this.#ask({ kind: 'look', jobId, callOff: true })
  }

  cancel(jobId: JobId, graceMs: number): Promise<JobReport> {
    return this.#ask({ kind: 'cancel', jobId, graceMs })
  }

  forget(jobId: JobId): Promise<JobReport> {
    return this.#ask({ kind: 'forget', jobId })
  }

  /** Ends the connection; those who wait for an answer get `reason`. */
  close(reason: ErrandError): void {
    this.#end.abort(reason)
  }

  #ask(body: WithoutNumber<Request>): Promise<JobReport> {
    const request = this.#nextRequest
    this.#nextRequest += 1
    return new Promise((resolve, reject) => {
      if (this.#end.signal.aborted) return reject(gone(abortReason(this.#end.signal)))
      this.#waiting.set(request, { resolve, reject })
      this.#say({ ...body, request })
    })
  }

  #say(message: ControllerMessage): void {
    // Requests are bounded by those who wait for their answers, so what gRPC buffers is bounded too.
    if (this.#stream.writable) this.#stream.write(controllerMessageToWire(message))
  }

  async #read(incoming: AsyncGenerator<AgentMessage__Output, void>): Promise<ErrandError> {
    const beat = setInterval(() => {
      this.#beat()
    }, this.#options.heartbeatMs)
    let reason: ErrandError
    try {
      const stop = new Promise<never>((_resolve, reject) => {
        this.#end.signal.addEventListener('abort', () => {
          reject(abortReason(this.#end.signal))
        })
      })
      await Promise.race([this.#readAll(incoming), stop])
      reason = new ErrandError('unreachable', 'the agent closed the connection')
    } catch (error) {
      reason = errorFromCall(error)
    } finally {
      clearInterval(beat)
    }
    this.#finish(reason)
    return reason
  }

  async #readAll(incoming: AsyncGenerator<AgentMessage__Output, void>): Promise<void> {
    for await (const wire of incoming) {
      this.lastHeardMs = this.#options.clock.nowMs()
      this.#heardAtMs = performance.now()
      const message = agentMessageFromWire(wire)
      if (message) await this.#take(message)
    }
  }

  async #take(message: AgentMessage): Promise<void> {
    switch (message.kind) {
      case 'report':
        return this.#answer(message.request, ({ resolve }) => {
          resolve(message.report)
        })
      case 'failure':
        return this.#answer(message.request, ({ reject }) => {
          reject(new ErrandError(message.error.code, message.error.message))
        })
      case 'event':
        await this.#options.onEvent(message.event)
        return this.#say({ kind: 'acknowledge', seq: message.event.seq })
      case 'heartbeat':
      case 'welcome':
        return undefined
    }
  }

  #answer(request: number, give: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(request)
    this.#waiting.delete(request)
    if (waiting) give(waiting)
  }

  #beat(): void {
    const { clock, heartbeatMs } = this.#options
    const silentMs = performance.now() - this.#heardAtMs
    if (silentMs > heartbeatsMissed * heartbeatMs) {
      const seconds = Math.round(silentMs / 1000)
      this.close(new ErrandError('unreachable', `the agent has been silent for ${seconds} s`))
    } else this.#say({ kind: 'heartbeat', atMs: clock.nowMs() })
  }

  #finish(reason: ErrandError): void {
    this.#end.abort(reason)
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(gone(reason))
    this.#stream.cancel()
    this.client.close()
  }
}

/** Whatever ended the connection: it says nothing about what was asked. */
function gone(reason: Error): ErrandError {
  return new ErrandError('unreachable', reason.message, { cause: reason })
}

interface Opened {
  readonly client: AgentClient
  readonly stream: Stream
  readonly incoming: AsyncGenerator<AgentMessage__Output, void>
  readonly welcome: Welcome
}

/** Says hello only to hear the welcome; no event is taken. */
export async function greet(options: ConnectionOptions): Promise<Welcome> {
  const { client, stream, incoming, welcome } = await open(options)
  stream.cancel()
  await incoming.return()
  client.close()
  return welcome
}

async function open(options: ConnectionOptions): Promise<Opened> {
  const { agentId, place, credentials, lastSeq, heartbeatMs, timeoutMs, signal } = options
  const client = agentClient(channelTarget(place), credentials.for(agentId), dialOptions(agentId))
  const stream = client.connect()
  const over = new AbortController()
  const limit = setTimeout(() => {
    over.abort(new ErrandError('unreachable', `no word within ${timeoutMs / 1000} s`))
  }, timeoutMs)
  const incoming = messages<AgentMessage__Output>(stream, neverAborts())
  const stop = AbortSignal.any([signal, over.signal])
  const cancel = () => {
    stream.cancel()
  }
  stop.addEventListener('abort', cancel, { once: true })
  try {
    stream.write(
      controllerMessageToWire({
        kind: 'hello',
        protocol: protocolVersion,
        version: errandVersion,
        lastSeq,
        heartbeatMs,
      }),
    )
    const first = await incoming.next()
    const welcome = first.done === true ? undefined : agentMessageFromWire(first.value)
    const checked = checkWelcome(welcome, agentId)
    await options.admit?.(checked, client)
    return { client, stream, incoming, welcome: checked }
  } catch (error) {
    client.close()
    if (stop.aborted) throw abortReason(stop)
    throw errorFromCall(error)
  } finally {
    clearTimeout(limit)
    stop.removeEventListener('abort', cancel)
  }
}

/** The stream lives until {@link AgentConnection.close}, which cancels it. */
function neverAborts(): AbortSignal {
  return new AbortController().signal
}

function checkWelcome(message: AgentMessage | undefined, agentId: string): Welcome {
  if (message?.kind !== 'welcome') throw new ErrandError('unreachable', 'the agent said no welcome')
  if (message.protocol !== protocolVersion) {
    throw new ErrandError(
      'unsupported',
      `the agent speaks protocol ${message.protocol} (errand ${message.version}), this controller ${protocolVersion} ` +
        `(errand ${errandVersion}); errand upgrade brings them together`,
    )
  }
  if (message.agentId !== agentId) {
    throw new ErrandError('denied', `the agent calls itself ${message.agentId}, not ${agentId}`)
  }
  return message
}
