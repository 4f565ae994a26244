import type { handleServerStreamingCall, handleUnaryCall } from '@grpc/grpc-js'
import { serveUnary } from '../../proto/call.ts'
import { serveStream } from '../../proto/stream.ts'
import type { Activity } from './activity.ts'

/** The two ways of serving a call, counted as activity. */
export class CountedCalls {
  readonly #activity: Activity
  readonly #onError: (error: unknown) => void

  constructor(activity: Activity, onError: (error: unknown) => void) {
    this.#activity = activity
    this.#onError = onError
  }

  answer<Request, Response>(
    handle: (request: Request, signal: AbortSignal) => Promise<Response> | Response,
  ): handleUnaryCall<Request, Response> {
    return serveUnary<Request, Response>(async (request, signal) => {
      const leave = this.#activity.enter()
      try {
        return await handle(request, signal)
      } finally {
        leave()
      }
    }, this.#onError)
  }

  stream<Request, Response>(
    handle: (request: Request, signal: AbortSignal) => AsyncIterable<Response>,
  ): handleServerStreamingCall<Request, Response> {
    return serveStream<Request, Response>(
      (request, signal) => this.#counted(handle(request, signal)),
      this.#onError,
    )
  }

  async *#counted<Response>(responses: AsyncIterable<Response>): AsyncGenerator<Response, void> {
    const leave = this.#activity.enter()
    try {
      yield* responses
    } finally {
      leave()
    }
  }
}
