/** What the agent serves: its jobs on one long stream, output and files beside it. */
import type { ServerReadableStream, sendUnaryData } from '@grpc/grpc-js'
import type { Logger } from 'pino'
import type { Welcome } from '../proto/agent-messages.ts'
import { serveUnary, statusFor } from '../proto/call.ts'
import { ErrandError } from '../proto/errors.ts'
import type { AgentHandlers } from '../proto/gen/errand/agent/v1/Agent.ts'
import type { ReadProgressRequest__Output } from '../proto/gen/errand/agent/v1/ReadProgressRequest.ts'
import type { UploadChunk__Output } from '../proto/gen/errand/agent/v1/UploadChunk.ts'
import type { UploadReply } from '../proto/gen/errand/agent/v1/UploadReply.ts'
import { reportToWire, runAsFromWire } from '../proto/job-codec.ts'
import {
  isJobId,
  type JobId,
  type JobProgress,
  type OutputStream,
  type RunAs,
} from '../proto/job.ts'
import { serveStream } from '../proto/stream.ts'
import { serveConnection, type ControllerStream } from './connection.ts'
import { controllerOf, type PeerSource } from './credentials.ts'
import type { Uploads } from './files/uploads.ts'
import type { Jobs } from './jobs/jobs.ts'
import { receiveUpgrade, settleUpgrade } from './upgrade/serve-upgrade.ts'
import type { Upgrades } from './upgrade/upgrades.ts'

export interface ServiceOptions {
  readonly jobs: Jobs
  readonly uploads: Uploads
  readonly upgrades: Upgrades
  readonly download: (path: string, runAs: RunAs, signal: AbortSignal) => AsyncIterable<Uint8Array>
  readonly welcome: () => Welcome
  readonly log: Logger
  /** The agent stops. */
  readonly signal: AbortSignal
}

/** The handlers of the service. Each looks at the caller's certificate before anything else. */
export function agentHandlers(options: ServiceOptions): AgentHandlers {
  const { jobs, log } = options
  const onError = (err: unknown) => {
    log.error({ err }, 'call failed')
  }
  return {
    Connect: (call) => {
      void serveStreamOf(call, options)
    },
    Upload: (call, callback) => {
      void receiveUpload(call, callback, options)
    },
    ReadOutput: guarded(
      serveStream(async function* read(request, signal) {
        const { offset, follow, tailLines } = request
        const pieces = jobs.readOutput(jobIdOf(request.jobId), streamOf(request.stream), {
          offset,
          follow,
          tailLines,
          signal,
        })
        for await (const { offset: at, data } of pieces) yield { offset: at, data }
      }, onError),
    ),
    ReadProgress: guarded(
      serveUnary(async (request) => ({ jobs: [...(await progressOf(request, jobs))] }), onError),
    ),
    Download: guarded(
      serveStream(async function* read({ path, runAs }, signal) {
        for await (const data of options.download(path, runAsFromWire(runAs), signal)) {
          yield { data: Buffer.from(data) }
        }
      }, onError),
    ),
    Upgrade: (call, callback) => {
      void receiveUpgrade(call, callback, options)
    },
    SettleUpgrade: guarded(serveUnary((request) => settleUpgrade(request, options), onError)),
    ListJobs: guarded(serveUnary(() => ({ reports: jobs.list().map(reportToWire) }), onError)),
  }
}

/** One job after the other: many open files at once help nobody. */
async function progressOf(
  request: ReadProgressRequest__Output,
  jobs: Jobs,
): Promise<readonly JobProgress[]> {
  const all: JobProgress[] = []
  for (const { jobId, style } of request.jobs) {
    const said = await jobs.progress(jobIdOf(jobId), style === 'percent' ? 'percent' : 'lines')
    if (said) all.push(said)
  }
  return all
}

type Callback = (error: ReturnType<typeof statusFor>) => void
interface Failing {
  emit(event: 'error', error: ReturnType<typeof statusFor>): boolean
}

/** Lets only controllers through to `handler`. */
function guarded<Call extends PeerSource & Failing, Rest extends readonly unknown[]>(
  handler: (call: Call, ...rest: Rest) => void,
): (call: Call, ...rest: Rest) => void {
  return (call, ...rest) => {
    try {
      controllerOf(call)
    } catch (error) {
      const [callback] = rest as readonly unknown[] as readonly [Callback?]
      if (callback) callback(statusFor(error, () => undefined))
      else
        call.emit(
          'error',
          statusFor(error, () => undefined),
        )
      return
    }
    handler(call, ...rest)
  }
}

async function serveStreamOf(stream: ControllerStream, options: ServiceOptions): Promise<void> {
  const gone = new AbortController()
  const leave = () => {
    gone.abort(new ErrandError('cancelled', 'the controller has gone'))
  }
  stream.on('cancelled', leave)
  stream.on('error', leave)
  const signal = AbortSignal.any([options.signal, gone.signal])
  try {
    const controller = controllerOf(stream)
    options.log.info({ controller }, 'controller connected')
    await serveConnection(stream, { ...options, signal })
    stream.end()
  } catch (error) {
    if (gone.signal.aborted) return
    options.log.info({ err: error }, 'connection ended')
    stream.emit(
      'error',
      statusFor(error, (err) => options.log.error({ err }, 'connection failed')),
    )
  } finally {
    gone.abort(new ErrandError('cancelled', 'the connection is over'))
  }
}

async function receiveUpload(
  call: ServerReadableStream<UploadChunk__Output, UploadReply>,
  callback: sendUnaryData<UploadReply>,
  { uploads, log }: ServiceOptions,
): Promise<void> {
  try {
    controllerOf(call)
    const chunks = call[Symbol.asyncIterator]() as AsyncIterator<UploadChunk__Output>
    const first = await chunks.next()
    const head = first.done === true ? undefined : first.value.head
    if (!head) throw new ErrandError('invalid', 'the first message of an upload must name it')
    await uploads.receive(head, dataOf(chunks))
    callback(null, {})
  } catch (error) {
    callback(statusFor(error, (err) => log.error({ err }, 'upload failed')))
  }
}

async function* dataOf(
  chunks: AsyncIterator<UploadChunk__Output>,
): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const next = await chunks.next()
    if (next.done === true) return
    if (next.value.data) yield next.value.data
  }
}

function jobIdOf(text: string): JobId {
  if (!isJobId(text))
    throw new ErrandError('invalid', `not a job id: ${JSON.stringify(text.slice(0, 80))}`)
  return text
}

function streamOf(text: string): OutputStream {
  if (text === 'stdout' || text === 'stderr') return text
  throw new ErrandError(
    'invalid',
    `unknown stream ${JSON.stringify(text.slice(0, 80))}, expected stdout or stderr`,
  )
}
