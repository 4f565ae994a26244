/** Limits that both sides must agree on. Sizes are bytes. */
export const limits = {
  /** One message on any call. */
  messageBytes: 16 * 1024 * 1024,
  /** Ended jobs carry their output inside the report up to this, both streams together. */
  inlineOutputBytes: 256 * 1024,
  /** A piece of output or of a file on a stream. */
  chunkBytes: 64 * 1024,
  /** An agent with nothing to say says so this often; silence for three of them means gone. Milliseconds. */
  heartbeatMs: 5000,
} as const
