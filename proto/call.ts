import {
  status,
  type CallOptions,
  type ClientUnaryCall,
  type handleUnaryCall,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceError,
} from '@grpc/grpc-js'
import { codeOfStatus, ErrandError, sentenceOf, statusOf } from './errors.ts'

/** A unary method of a generated client, bound to it. */
export type UnaryMethod<Request, Response> = (
  request: Request,
  options: CallOptions,
  callback: (error: ServiceError | null, response?: Response) => void,
) => ClientUnaryCall

export interface CallTimes {
  /** Aborting cancels the call; the promise rejects with the reason. */
  readonly signal: AbortSignal
  /** How long an answer may take. Default 30 s. */
  readonly deadlineMs?: number
}

/**
 * Asks once and waits for the answer.
 *
 * @throws {ErrandError} with the code that the other side said; `unreachable` when it said nothing in time.
 */
export function callUnary<Request, Response>(
  method: UnaryMethod<Request, Response>,
  request: Request,
  { signal, deadlineMs = 30_000 }: CallTimes,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal))
    const call = method(request, { deadline: Date.now() + deadlineMs }, (error, response) => {
      signal.removeEventListener('abort', cancel)
      if (signal.aborted) reject(abortReason(signal))
      else if (error) reject(errorFromCall(error))
      else if (response === undefined)
        reject(new ErrandError('internal', 'an answer without a body'))
      else resolve(response)
    })
    const cancel = () => {
      call.cancel()
    }
    signal.addEventListener('abort', cancel, { once: true })
  })
}

/** Serves a unary call by a function that answers or throws. `signal` aborts when the caller has gone. */
export function serveUnary<Request, Response>(
  handle: (request: Request, signal: AbortSignal) => Promise<Response> | Response,
  onError: (error: unknown) => void,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    void answerUnary(call, callback, { handle, onError })
  }
}

interface UnaryHandling<Request, Response> {
  readonly handle: (request: Request, signal: AbortSignal) => Promise<Response> | Response
  readonly onError: (error: unknown) => void
}

async function answerUnary<Request, Response>(
  call: ServerUnaryCall<Request, Response>,
  callback: sendUnaryData<Response>,
  { handle, onError }: UnaryHandling<Request, Response>,
): Promise<void> {
  const gone = new AbortController()
  call.on('cancelled', () => {
    gone.abort(new ErrandError('cancelled', 'the caller has gone'))
  })
  try {
    callback(null, await handle(call.request, gone.signal))
  } catch (error) {
    callback(statusFor(error, onError))
  }
}

/** What a call ends with for `error`. The detail of a defect goes to `onError`, not over the wire. */
export function statusFor(
  error: unknown,
  onError: (error: unknown) => void,
): { readonly code: status; readonly details: string } {
  if (error instanceof ErrandError && error.code !== 'internal') {
    return { code: statusOf(error), details: error.message }
  }
  onError(error)
  return {
    code: status.INTERNAL,
    details: 'a defect of errand; the log of the other side has the detail',
  }
}

/** What went wrong in a call, in our words. */
export function errorFromCall(error: unknown): ErrandError {
  if (error instanceof ErrandError) return error
  if (!isServiceError(error))
    return new ErrandError('internal', sentenceOf(error), { cause: error })
  const code = codeOfStatus(error.code)
  const text = error.details === '' ? error.message : error.details
  return new ErrandError(code, text, { cause: error })
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error
}

/** The reason of an aborted signal, as an Error. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error
    ? signal.reason
    : new ErrandError('cancelled', String(signal.reason))
}

/** Whether the work was stopped for good: its user broke the run off. */
export function wasInterrupted({ reason }: AbortSignal): boolean {
  return reason instanceof ErrandError && reason.code === 'interrupted'
}

/** A wait that is given up when `signal` aborts: then it rejects with the reason, and what was waited for goes on. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(abortReason(signal))
    }
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop)
    })
  })
}
