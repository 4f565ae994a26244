import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { ClientReadableStream } from '@grpc/grpc-js'
import { abortReason } from '../../proto/call.ts'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { AgentClient } from '../../proto/gen/errand/agent/v1/Agent.ts'
import type { FileChunk__Output } from '../../proto/gen/errand/agent/v1/FileChunk.ts'
import type { OutputChunk__Output } from '../../proto/gen/errand/agent/v1/OutputChunk.ts'
import type { UploadChunk } from '../../proto/gen/errand/agent/v1/UploadChunk.ts'
import { isFinal, type JobId, type JobSpec, type OutputStream } from '../../proto/job.ts'
import { runAsToWire } from '../../proto/job-codec.ts'
import { limits } from '../../proto/limits.ts'
import { messages, sendAll } from '../../proto/stream.ts'
import type { ClockPort, PreparedHost } from '../run/ports.ts'
import type { Store } from '../store/store.ts'
import type { AgentLink } from './agent-link.ts'
import { Backoff } from './backoff.ts'
import type { Links } from './links.ts'

export interface TransfersOptions {
  readonly store: Store
  readonly links: Links
  readonly clock: ClockPort
}

/** Which bytes of a job's output. */
export interface FollowOptions {
  readonly stream: OutputStream
  readonly offset: number
  /** Until the job has ended and all is read; else what is there now. */
  readonly follow: boolean
  /** Begin with the last lines, but not before the offset; an empty piece then says where that is. */
  readonly tailLines?: number | undefined
  readonly signal: AbortSignal
}

/** Bytes of one stream at their place. */
export interface OutputBytes {
  readonly offset: number
  readonly data: Uint8Array
}

export interface UploadOptions extends Abortable {
  /** It will be needed again: a host that still has it is not sent it. */
  readonly isKept?: boolean
}

export type UploadContent = Uint8Array | { readonly path: string }

interface Abortable {
  readonly signal: AbortSignal
}

/** How long a host may stay silent before a transfer gives up. */
const silenceMs = 10_000
/** The word of a job's end may be on its way. */
const firstRetryMs = 10
const retryMs = 500

/** Output and files: what is large or rare, on streams of its own beside the long one. */
export class Transfers {
  readonly #options: TransfersOptions

  constructor(options: TransfersOptions) {
    this.#options = options
  }

  /** All kept bytes of one stream of a job that has ended. */
  async output(jobId: JobId, stream: OutputStream, { signal }: Abortable): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    for await (const { data } of this.followOutput(jobId, {
      stream,
      offset: 0,
      follow: false,
      signal,
    })) {
      pieces.push(data)
    }
    return Buffer.concat(pieces)
  }

  /**
   * Yields the kept bytes from an offset, each once and in order, through lost connections. With `follow` it ends
   * when the job has ended and all is read, and waits for a host that is silent; without, such a host is an error.
   */
  async *followOutput(jobId: JobId, options: FollowOptions): AsyncGenerator<OutputBytes, void> {
    const { stream, follow, signal } = options
    let { offset, tailLines } = options
    const { clock } = this.#options
    const backoff = new Backoff({ clock, firstMs: firstRetryMs, mostMs: retryMs })
    for (;;) {
      const row = await this.#options.store.jobs.find(jobId)
      if (!row) throw new ErrandError('not_found', `there is no job ${jobId}`)
      // While it was read it may have ended, and its files may be gone.
      const whole = row.report?.inlineOutput?.[stream]
      if (whole) return yield* pieces(whole, offset)
      if (row.isForgotten)
        throw new ErrandError('not_found', `the output of the job ${jobId} was cleaned up`)
      const link = this.#options.links.to(row.agentId)
      try {
        const where = { jobId, stream, offset, tailLines, follow, signal }
        for await (const piece of this.#read(link, where)) {
          yield piece
          offset = piece.offset + piece.data.length
          tailLines = undefined
          backoff.reset()
        }
        if (await this.#isComplete(jobId, { stream, offset, follow })) return
      } catch (error) {
        if (signal.aborted) throw abortReason(signal)
        if (!follow || !(error instanceof ErrandError)) throw error
        if (error.code !== 'unreachable' && !(await this.#isInline(jobId))) throw error
      }
      await backoff.wait({ signal })
    }
  }

  async upload(
    host: PreparedHost,
    content: UploadContent,
    { isKept = false, signal }: UploadOptions,
  ): Promise<string> {
    const uploadId = `u${randomBytes(16).toString('hex')}`
    const head = { uploadId, ...(await measure(content)), isKept }
    const link = this.#options.links.to(host.agentId)
    const options = { timeoutMs: host.target.timeoutMs, signal }
    await link.use(({ client }) => sendOnce(client, { head, content, signal }), options)
    return uploadId
  }

  async *download(
    host: PreparedHost,
    path: string,
    { runAs, signal }: Abortable & { readonly runAs: JobSpec['runAs'] },
  ): AsyncGenerator<Uint8Array, void> {
    const link = this.#options.links.to(host.agentId)
    const call = await link.use(
      ({ client }) => Promise.resolve(client.download({ path, runAs: runAsToWire(runAs) })),
      { timeoutMs: host.target.timeoutMs, signal },
    )
    const chunks = messages<FileChunk__Output>(call, signal)
    for await (const { data } of chunks) yield data
  }

  async *#read(
    link: AgentLink,
    { jobId, ...options }: FollowOptions & { readonly jobId: JobId },
  ): AsyncGenerator<OutputBytes, void> {
    const { stream, offset, follow, tailLines, signal } = options
    const request = { jobId, stream, offset, follow }
    const tail = tailLines === undefined ? {} : { tailLines }
    const call: ClientReadableStream<OutputChunk__Output> = await link.use(
      ({ client }) => Promise.resolve(client.readOutput({ ...request, ...tail })),
      { timeoutMs: silenceMs, signal },
    )
    const chunks = messages<OutputChunk__Output>(call, signal)
    for await (const chunk of chunks) yield { offset: chunk.offset, data: chunk.data }
  }

  async #isInline(jobId: JobId): Promise<boolean> {
    return (await this.#options.store.jobs.find(jobId))?.report?.inlineOutput !== undefined
  }

  /** Whether the bytes read are all that the job wrote; without `follow` it is enough that the agent had no more. */
  async #isComplete(
    jobId: JobId,
    {
      stream,
      offset,
      follow,
    }: { readonly stream: OutputStream; readonly offset: number; readonly follow: boolean },
  ): Promise<boolean> {
    const report = (await this.#options.store.jobs.find(jobId))?.report
    if (!report || !isFinal(report.state)) return !follow
    return offset >= report[stream].keptBytes
  }
}

function* pieces(whole: Uint8Array, from: number): Generator<OutputBytes, void> {
  for (let offset = from; offset < whole.length; offset += limits.chunkBytes) {
    yield { offset, data: whole.subarray(offset, offset + limits.chunkBytes) }
  }
}

async function measure(
  content: UploadContent,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of chunksOf(content)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

async function* chunksOf(content: UploadContent): AsyncGenerator<Uint8Array, void> {
  if (content instanceof Uint8Array) {
    for (const { data } of pieces(content, 0)) yield data
    return
  }
  try {
    const file: AsyncIterable<Buffer> = createReadStream(content.path, {
      highWaterMark: limits.chunkBytes,
    })
    for await (const chunk of file) yield chunk
  } catch (error) {
    throw new ErrandError('invalid', `${content.path} cannot be read: ${sentenceOf(error)}`, {
      cause: error,
    })
  }
}

type Head = NonNullable<UploadChunk['head']>

interface SendFile extends Abortable {
  readonly head: Head
  readonly content: UploadContent
}

/** Sends a file that is kept only to a host that has not got it. */
async function sendOnce(client: AgentClient, file: SendFile): Promise<void> {
  if (file.head.isKept !== true) return await sendFile(client, file)
  try {
    await sendFile(client, { ...file, content: new Uint8Array() })
  } catch (error) {
    // `invalid` is what an agent says that knows nothing of kept files.
    if (!(error instanceof ErrandError) || !['not_found', 'invalid'].includes(error.code))
      throw error
    await sendFile(client, file)
  }
}

function sendFile(client: AgentClient, { content, signal, head }: SendFile): Promise<void> {
  const source = uploadOf(head, content)
  return sendAll<UploadChunk>((answer) => client.upload(answer), { source, signal })
}

async function* uploadOf(head: Head, content: UploadContent): AsyncGenerator<UploadChunk, void> {
  yield { head }
  for await (const data of chunksOf(content)) yield { data: Buffer.from(data) }
}
