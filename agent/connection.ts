/** One controller's long stream: hello and welcome, then requests, answers, events and heartbeats. */
import type { ServerDuplexStream } from '@grpc/grpc-js'
import type { Logger } from 'pino'
import { agentMessageToWire, controllerMessageFromWire } from '../proto/agent-codec.ts'
import type { AgentMessage, ControllerMessage, Welcome } from '../proto/agent-messages.ts'
import { ErrandError } from '../proto/errors.ts'
import type { AgentMessage as WireAgentMessage } from '../proto/gen/errand/agent/v1/AgentMessage.ts'
import type { ControllerMessage__Output } from '../proto/gen/errand/agent/v1/ControllerMessage.ts'
import type { JobReport } from '../proto/job.ts'
import { limits } from '../proto/limits.ts'
import { send } from '../proto/stream.ts'
import { protocolVersion } from '../proto/version.ts'
import type { Jobs } from './jobs/jobs.ts'

/** The server's side of the stream. */
export type ControllerStream = ServerDuplexStream<ControllerMessage__Output, WireAgentMessage>

export interface ConnectionContext {
  readonly jobs: Jobs
  readonly welcome: () => Welcome
  readonly log: Logger
  /** The agent stops, or the controller has gone. */
  readonly signal: AbortSignal
}

/** A controller may ask for no more than this. */
const shortestHeartbeatMs = 100

type Request = Extract<ControllerMessage, { readonly request: number }>

/**
 * Serves one stream until it ends.
 *
 * @throws {ErrandError} when the controller breaks the protocol or falls silent.
 */
export async function serveConnection(
  stream: ControllerStream,
  context: ConnectionContext,
): Promise<void> {
  const connection = new Connection(stream, context)
  try {
    await connection.serve()
  } finally {
    connection.close()
  }
}

class Connection {
  readonly #stream: ControllerStream
  readonly #context: ConnectionContext
  readonly #over = new AbortController()
  readonly #signal: AbortSignal
  #heartbeatMs: number = limits.heartbeatMs
  /** One write after the other: order, and no more in memory than the controller takes. */
  #lastWrite: Promise<void> = Promise.resolve()
  #lastHeardMs = performance.now()
  #journalId = ''

  constructor(stream: ControllerStream, context: ConnectionContext) {
    this.#stream = stream
    this.#context = context
    this.#signal = AbortSignal.any([context.signal, this.#over.signal])
  }

  async serve(): Promise<void> {
    const messages = this.#stream[
      Symbol.asyncIterator
    ]() as AsyncIterator<ControllerMessage__Output>
    const leave = new Promise<never>((_resolve, reject) => {
      this.#signal.addEventListener('abort', () => {
        reject(this.#signal.reason as Error)
      })
    })
    leave.catch(() => undefined) // also when nobody waits for a message just then
    const first = await Promise.race([messages.next(), leave])
    const lastSeq = this.#greet(first.done === true ? undefined : first.value)
    this.#context.jobs.meet(lastSeq)
    this.#journalId = this.#context.jobs.journal.id
    void this.#say({ kind: 'welcome', ...this.#context.welcome() })
    const timer = setInterval(() => {
      this.#beat()
    }, this.#heartbeatMs).unref()
    const events = this.#sendEvents(lastSeq)
    try {
      for (;;) {
        const next = await Promise.race([messages.next(), leave, events])
        if (!next || next.done === true) return
        this.#lastHeardMs = performance.now()
        const message = controllerMessageFromWire(next.value)
        if (message) this.#take(message)
      }
    } finally {
      clearInterval(timer)
      this.#over.abort(new ErrandError('cancelled', 'the stream is over'))
      await events.catch(() => undefined) // thrown above already, or only the echo of leaving
    }
  }

  get #isSameJournal(): boolean {
    return this.#context.jobs.journal.id === this.#journalId
  }

  close(): void {
    this.#over.abort(new ErrandError('cancelled', 'the stream is over'))
  }

  #greet(wire: ControllerMessage__Output | undefined): number {
    const hello = wire && controllerMessageFromWire(wire)
    if (hello?.kind !== 'hello') throw new ErrandError('invalid', 'the first message must be hello')
    if (hello.protocol !== protocolVersion) {
      const versions = `protocol ${hello.protocol} of controller ${hello.version}, this agent speaks ${protocolVersion}`
      throw new ErrandError('unsupported', versions)
    }
    if (hello.heartbeatMs > 0) this.#heartbeatMs = Math.max(hello.heartbeatMs, shortestHeartbeatMs)
    return hello.lastSeq
  }

  #take(message: ControllerMessage): void {
    switch (message.kind) {
      case 'submit':
      case 'look':
      case 'cancel':
      case 'forget':
        void this.#answer(message)
        return
      case 'acknowledge':
        // A number of a journal that has since begun anew says nothing about this one.
        if (this.#isSameJournal) this.#context.jobs.journal.acknowledge(message.seq)
        return
      case 'hello':
      case 'heartbeat':
        return
    }
  }

  async #answer(request: Request): Promise<void> {
    const number = request.request
    try {
      const report = await this.#do(request)
      void this.#say({ kind: 'report', request: number, report })
    } catch (error) {
      const isOurs = error instanceof ErrandError && error.code !== 'internal'
      if (!isOurs) this.#context.log.error({ err: error, request: request.kind }, 'request failed')
      const said = isOurs ? error.message : 'a defect of the agent; its log has the detail'
      const code = isOurs ? error.code : 'internal'
      void this.#say({ kind: 'failure', request: number, error: { code, message: said } })
    }
  }

  #do(request: Request): Promise<JobReport> {
    const { jobs } = this.#context
    switch (request.kind) {
      case 'submit':
        return jobs.submit(request.spec)
      case 'look':
        return request.callOff ? jobs.callOff(request.jobId) : jobs.look(request.jobId)
      case 'cancel':
        return jobs.cancel(request.jobId, request.graceMs)
      case 'forget':
        return jobs.forget(request.jobId)
    }
  }

  /** Events go out one by one, as fast as the controller takes them. */
  async #sendEvents(lastSeq: number): Promise<undefined> {
    const { jobs } = this.#context
    let seq = lastSeq
    let wake: () => void = () => undefined
    const stopListening = jobs.journal.onAppend(() => {
      wake()
    })
    const onAbort = () => {
      wake()
    }
    this.#signal.addEventListener('abort', onAbort)
    try {
      while (!this.#signal.aborted) {
        if (!this.#isSameJournal)
          throw new ErrandError('unreachable', 'the journal begins anew, connect again')
        const appended = new Promise<void>((resolve) => {
          wake = resolve
        })
        const event = jobs.journal.next(seq)
        if (event) {
          seq = event.seq
          await this.#say({
            kind: 'event',
            event: { ...event, report: await jobs.withOutput(event.report) },
          })
        } else await appended
      }
      return undefined
    } finally {
      stopListening()
      this.#signal.removeEventListener('abort', onAbort)
    }
  }

  #say(message: AgentMessage): Promise<void> {
    const write = this.#lastWrite.then(() =>
      send(this.#stream, agentMessageToWire(message), this.#signal),
    )
    this.#lastWrite = write.catch(() => undefined) // a closed stream ends the reading side too
    return this.#lastWrite
  }

  #beat(): void {
    const silentMs = performance.now() - this.#lastHeardMs
    if (silentMs > this.#heartbeatMs * 3) {
      this.#over.abort(
        new ErrandError('unreachable', `the controller fell silent for ${Math.round(silentMs)} ms`),
      )
    } else void this.#say({ kind: 'heartbeat', atMs: Date.now() })
  }
}
