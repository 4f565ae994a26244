import type { Readable } from 'node:stream'

const lineEnd = 0x0a

/** The next line of an input that is no terminal; what comes after it stays there for who reads next. Undefined at its end. */
export async function pipedLine(input: Readable): Promise<string | undefined> {
  const parts: Buffer[] = []
  try {
    for (;;) {
      const chunk = (await nextChunk(input)) ?? Buffer.alloc(0)
      const end = chunk.indexOf(lineEnd)
      parts.push(end < 0 ? chunk : chunk.subarray(0, end))
      if (end >= 0) {
        const rest = chunk.subarray(end + 1)
        if (rest.length > 0) input.unshift(rest)
      } else if (chunk.length > 0) continue
      const line = Buffer.concat(parts)
      return end < 0 && line.length === 0 ? undefined : line.toString('utf8').replace(/\r$/u, '')
    }
  } finally {
    // Nobody reads on unasked, and an open pipe keeps no process alive.
    input.pause()
  }
}

/** All that is left of an input. */
export async function pipedRest(input: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks)
}

async function nextChunk(input: Readable): Promise<Buffer | undefined> {
  for (;;) {
    const chunk: unknown = input.read()
    if (chunk !== null) return Buffer.from(chunk as Uint8Array)
    if (input.readableEnded || input.destroyed) return undefined
    await readableOrEnded(input)
  }
}

async function readableOrEnded(input: Readable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done = () => resolve()
  const events = ['readable', 'end', 'close', 'error']
  for (const event of events) input.on(event, done)
  try {
    await promise
  } finally {
    for (const event of events) input.off(event, done)
  }
}
