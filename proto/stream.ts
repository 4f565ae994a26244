import type {
  ClientReadableStream,
  ClientWritableStream,
  handleServerStreamingCall,
  ServerWritableStream,
  ServiceError,
} from '@grpc/grpc-js'
import { once } from 'node:events'
import { abortReason, errorFromCall, statusFor } from './call.ts'
import { ErrandError } from './errors.ts'

/** The readable half of a client's stream. */
export type Incoming<T> = Pick<
  ClientReadableStream<T>,
  'cancel' | 'on' | 'removeListener' | typeof Symbol.asyncIterator
>

/**
 * Yields each message of `call`. Leaving the loop, by any road, cancels the call.
 *
 * @throws the reason when `signal` aborts; {@link ErrandError} when the call ends with an error.
 */
export async function* messages<T>(
  call: Incoming<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void> {
  const cancel = () => {
    call.cancel()
  }
  signal.addEventListener('abort', cancel, { once: true })
  // After the loop was left, cancelling makes the call emit an error that nobody waits for any more.
  call.on('error', ignoreLate)
  try {
    throwIfAborted(signal)
    for await (const message of call) yield message as T
  } catch (error) {
    throwIfAborted(signal) // asked to stop: the reason, not gRPC's echo of it
    throw errorFromCall(error)
  } finally {
    signal.removeEventListener('abort', cancel)
    call.cancel()
  }
}

function ignoreLate(): void {
  // The error has been thrown to the reader, or the reader has left.
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortReason(signal)
}

/** The writable half of a stream of either side. */
export interface Outgoing<T> {
  write(message: T): boolean
  readonly destroyed: boolean
  readonly writable: boolean
  once(event: string, listener: (...args: unknown[]) => void): unknown
  removeListener(event: string, listener: (...args: unknown[]) => void): unknown
}

/**
 * Writes one message and waits while the other side is slower than us.
 *
 * @throws the reason when `signal` aborts; {@link ErrandError} `unreachable` when the stream has closed.
 */
export async function send<T>(stream: Outgoing<T>, message: T, signal: AbortSignal): Promise<void> {
  throwIfAborted(signal)
  if (stream.destroyed || !stream.writable)
    throw new ErrandError('unreachable', 'the stream has closed')
  if (stream.write(message)) return
  await drained(stream, signal)
}

interface Sending<Message> {
  readonly source: AsyncIterable<Message>
  readonly signal: AbortSignal
}

/**
 * Sends each message of `source` on a call that hears one answer, and waits for it. An error that is answered before
 * all is sent ends the sending.
 *
 * @param open Opens the call; the answer goes to the callback.
 * @throws {ErrandError} what the other side said; what `source` threw; the reason when `signal` aborts.
 */
export async function sendAll<Message>(
  open: (callback: (error: ServiceError | null) => void) => ClientWritableStream<Message>,
  { source, signal }: Sending<Message>,
): Promise<void> {
  const answer = Promise.withResolvers<void>()
  const call = open((error) => {
    if (error) answer.reject(errorFromCall(error))
    else answer.resolve()
  })
  answer.promise.catch(() => undefined) // awaited below, unless something else fails first
  const cancel = () => {
    call.cancel()
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    await Promise.race([sendEach(call, { source, signal }), answer.promise])
    call.end()
    await answer.promise
  } catch (error) {
    call.cancel()
    throw signal.aborted ? abortReason(signal) : error
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

async function sendEach<Message>(
  call: Outgoing<Message>,
  { source, signal }: Sending<Message>,
): Promise<void> {
  for await (const message of source) await send(call, message, signal)
}

async function drained<T>(stream: Outgoing<T>, signal: AbortSignal): Promise<void> {
  const left = new AbortController()
  const stop = AbortSignal.any([signal, left.signal])
  const emitter = stream as unknown as NodeJS.EventEmitter
  try {
    await Promise.race([
      once(emitter, 'drain', { signal: stop }),
      once(emitter, 'close', { signal: stop }),
      once(emitter, 'cancelled', { signal: stop }),
    ])
  } catch (error) {
    throwIfAborted(signal)
    throw errorFromCall(error)
  } finally {
    left.abort()
  }
  throwIfAborted(signal)
  if (stream.destroyed) throw new ErrandError('unreachable', 'the stream has closed')
}

/**
 * Serves a call that answers with a stream. `signal` aborts when the caller has gone; the iterable is then left
 * and its `finally` runs. A slow caller slows the iterable.
 */
export function serveStream<Request, Response>(
  handle: (request: Request, signal: AbortSignal) => AsyncIterable<Response>,
  onError: (error: unknown) => void,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    void pump(call, { handle, onError })
  }
}

/** Waits until the message has left: a stream would take sixteen, which are megabytes where they are pieces of a file. */
async function sendWhole<Response>(
  call: ServerWritableStream<unknown, Response>,
  message: Response,
  signal: AbortSignal,
): Promise<void> {
  throwIfAborted(signal)
  if (call.destroyed || !call.writable)
    throw new ErrandError('unreachable', 'the stream has closed')
  let leave: () => void = () => undefined
  await new Promise<void>((resolve) => {
    leave = () => {
      resolve()
    }
    signal.addEventListener('abort', leave)
    call.write(message, leave)
  })
  signal.removeEventListener('abort', leave)
  throwIfAborted(signal)
}

interface StreamHandling<Request, Response> {
  readonly handle: (request: Request, signal: AbortSignal) => AsyncIterable<Response>
  readonly onError: (error: unknown) => void
}

async function pump<Request, Response>(
  call: ServerWritableStream<Request, Response>,
  { handle, onError }: StreamHandling<Request, Response>,
): Promise<void> {
  const gone = new AbortController()
  const leave = () => {
    gone.abort(new ErrandError('cancelled', 'the caller has gone'))
  }
  call.on('cancelled', leave)
  call.on('error', leave)
  try {
    for await (const message of handle(call.request, gone.signal)) {
      await sendWhole(call, message, gone.signal)
    }
    call.end()
  } catch (error) {
    if (!gone.signal.aborted) call.emit('error', statusFor(error, onError))
  }
}
