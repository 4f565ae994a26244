import { credentials, type ClientDuplexStream, type ClientReadableStream } from '@grpc/grpc-js'
import { agentMessageFromWire, controllerMessageToWire } from '../../../proto/agent-codec.ts'
import type { AgentMessage, ControllerMessage, Welcome } from '../../../proto/agent-messages.ts'
import { errorFromCall } from '../../../proto/call.ts'
import { ErrandError } from '../../../proto/errors.ts'
import type { AgentClient } from '../../../proto/gen/errand/agent/v1/Agent.ts'
import type { AgentMessage__Output } from '../../../proto/gen/errand/agent/v1/AgentMessage.ts'
import type { ControllerMessage as WireControllerMessage } from '../../../proto/gen/errand/agent/v1/ControllerMessage.ts'
import type { OutputChunk__Output } from '../../../proto/gen/errand/agent/v1/OutputChunk.ts'
import {
  isFinal,
  type JobEvent,
  type JobReport,
  type JobSpec,
  type OutputStream,
} from '../../../proto/job.ts'
import { limits } from '../../../proto/limits.ts'
import { agentClient } from '../../../proto/load.ts'
import { protocolVersion } from '../../../proto/version.ts'
import { waitFor } from '../../support/wait-for.ts'
import type { TestAgent } from './test-agent.ts'

type Stream = ClientDuplexStream<WireControllerMessage, AgentMessage__Output>
type Asked = Omit<Extract<ControllerMessage, { request: number }>, 'request'> &
  Record<string, unknown>

/** A client's TLS side for `agent`, with any certificate. */
export function clientFor(
  agent: Pick<TestAgent, 'port' | 'agentId' | 'authority'>,
  pair: { readonly key: string; readonly certificate: string } | undefined,
): AgentClient {
  const { authorityCertificate } = agent.authority.identity
  const tls = credentials.createSsl(
    Buffer.from(authorityCertificate),
    pair ? Buffer.from(pair.key) : null,
    pair ? Buffer.from(pair.certificate) : null,
  )
  return agentClient(`127.0.0.1:${agent.port}`, tls, {
    'grpc.ssl_target_name_override': agent.agentId,
    'grpc.default_authority': agent.agentId,
    'grpc.use_local_subchannel_pool': 1,
  })
}

/** A controller's side of the long stream, by hand. */
export class TestClient {
  readonly client: AgentClient
  readonly events: JobEvent[] = []
  welcome: Welcome | undefined
  error: ErrandError | undefined
  readonly #stream: Stream
  readonly #answers = new Map<number, AgentMessage>()
  readonly #beat: NodeJS.Timeout
  #request = 0

  private constructor(client: AgentClient) {
    this.client = client
    this.#stream = client.connect()
    this.#stream.on('data', (wire: AgentMessage__Output) => {
      const message = agentMessageFromWire(wire)
      if (message?.kind === 'welcome') this.welcome = message
      if (message?.kind === 'event') this.events.push(message.event)
      if (message?.kind === 'report' || message?.kind === 'failure')
        this.#answers.set(message.request, message)
    })
    this.#stream.on('error', (error: unknown) => {
      this.error = errorFromCall(error)
    })
    // A busy machine makes a test last longer than an agent waits for a silent controller.
    this.#beat = setInterval(() => {
      this.say({ kind: 'heartbeat', atMs: Date.now() })
    }, limits.heartbeatMs).unref()
  }

  static async connect(agent: TestAgent, lastSeq: number): Promise<TestClient> {
    const { privateKey: key, certificate } = agent.authority.identity
    const client = new TestClient(clientFor(agent, { key, certificate }))
    client.say({
      kind: 'hello',
      protocol: protocolVersion,
      version: 'test',
      lastSeq,
      heartbeatMs: 0,
    })
    await waitFor('the welcome', () => client.welcome)
    return client
  }

  say(message: ControllerMessage): void {
    this.#stream.write(controllerMessageToWire(message))
  }

  submit(spec: JobSpec): Promise<JobReport> {
    return this.#ask({ kind: 'submit', spec })
  }

  look(jobId: string): Promise<JobReport> {
    return this.#ask({ kind: 'look', jobId, callOff: false })
  }

  callOff(jobId: string): Promise<JobReport> {
    return this.#ask({ kind: 'look', jobId, callOff: true })
  }

  cancel(jobId: string, graceMs: number): Promise<JobReport> {
    return this.#ask({ kind: 'cancel', jobId, graceMs })
  }

  forget(jobId: string): Promise<JobReport> {
    return this.#ask({ kind: 'forget', jobId })
  }

  /** The report of the job's end, as its event brought it. */
  async end(jobId: string): Promise<JobReport> {
    const isEnd = ({ report }: JobEvent) => report.jobId === jobId && isFinal(report.state)
    const event = await waitFor(`the end of ${jobId}`, () => this.events.find(isEnd))
    return event.report
  }

  /** Reads output to the end of the call, as text. */
  async output(jobId: string, stream: OutputStream, offset = 0, follow = true): Promise<string> {
    const call = this.readOutput(jobId, stream, offset, follow)
    const pieces: Buffer[] = []
    for await (const chunk of call) pieces.push((chunk as OutputChunk__Output).data)
    return Buffer.concat(pieces).toString('utf8')
  }

  readOutput(
    jobId: string,
    stream: OutputStream,
    offset: number,
    follow: boolean,
  ): ClientReadableStream<OutputChunk__Output> {
    return this.client.readOutput({ jobId, stream, offset, follow })
  }

  close(): void {
    clearInterval(this.#beat)
    this.#stream.cancel()
    this.client.close()
  }

  async #ask(asked: Asked): Promise<JobReport> {
    this.#request += 1
    const request = this.#request
    this.say({ ...asked, request } as unknown as ControllerMessage)
    const answer = await waitFor(
      `the answer to ${asked.kind}`,
      () => {
        if (this.error) throw this.error
        return this.#answers.get(request)
      },
      { everyMs: 2 },
    )
    if (answer.kind === 'report') return answer.report
    if (answer.kind === 'failure') throw new ErrandError(answer.error.code, answer.error.message)
    throw new Error('not an answer')
  }
}

/** The inline output of an ended job, as text. */
export function textOf(report: JobReport): { readonly stdout: string; readonly stderr: string } {
  const { stdout = new Uint8Array(), stderr = new Uint8Array() } = report.inlineOutput ?? {}
  return {
    stdout: Buffer.from(stdout).toString('utf8'),
    stderr: Buffer.from(stderr).toString('utf8'),
  }
}
