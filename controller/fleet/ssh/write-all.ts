import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { ErrandError } from '../../../proto/errors.ts'

/**
 * Writes every piece, no faster than the other side takes them.
 *
 * @throws {ErrandError} `unreachable` when the stream closes first.
 */
export async function writeAll(
  stream: Writable,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  for await (const piece of pieces) {
    if (stream.destroyed || !stream.writable)
      throw new ErrandError('unreachable', 'the channel has closed')
    if (!stream.write(piece)) await drained(stream, signal)
  }
}

async function drained(stream: Writable, signal: AbortSignal): Promise<void> {
  const done = new AbortController()
  const either = AbortSignal.any([signal, done.signal])
  try {
    await Promise.race([
      once(stream, 'drain', { signal: either }),
      once(stream, 'close', { signal: either }),
    ])
  } finally {
    done.abort()
  }
}
