import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { credentials, Server, ServerCredentials } from '@grpc/grpc-js'
import { callUnary, serveUnary } from '../../../proto/call.ts'
import { ErrandError } from '../../../proto/errors.ts'
import type { OutputChunk } from '../../../proto/gen/errand/agent/v1/OutputChunk.ts'
import { agentClient, channelOptions, loadAgentService } from '../../../proto/load.ts'
import { messages, serveStream } from '../../../proto/stream.ts'

interface Handlers {
  readonly read?: (offset: number, signal: AbortSignal) => AsyncIterable<OutputChunk>
  readonly list?: (signal: AbortSignal) => Promise<{ reports: [] }>
}

interface Served {
  readonly client: ReturnType<typeof agentClient>
  /** What a handler threw without a code of ours. */
  readonly defects: unknown[]
}

/** A real server on a unix socket, with only the calls that a test needs. */
async function serve(t: TestContext, handlers: Handlers): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'errand-stream-'))
  const address = `unix:${join(folder, 'socket')}`
  const defects: unknown[] = []
  const note = (error: unknown) => {
    defects.push(error)
  }
  const unsupported = () => {
    throw new ErrandError('unsupported', 'not in this test')
  }
  const { read = unsupported, list = unsupported } = handlers
  const server = new Server(channelOptions)
  const service = loadAgentService()
  server.addService(
    { ReadOutput: service.ReadOutput, ListJobs: service.ListJobs },
    {
      ReadOutput: serveStream<{ offset: number }, OutputChunk>(
        (request, signal) => read(request.offset, signal),
        note,
      ),
      ListJobs: serveUnary((_request, signal) => list(signal), note),
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
  const client = agentClient(address, credentials.createInsecure())
  t.after(() => {
    client.close()
    server.forceShutdown()
    rmSync(folder, { recursive: true, force: true })
  })
  return { client, defects }
}

function readFrom(served: Served, signal: AbortSignal) {
  return messages(
    served.client.readOutput({ jobId: '', stream: '', offset: 0, follow: true }),
    signal,
  )
}

const never = new AbortController().signal

test('messages() yields all in order and ends when the server ends', async (t) => {
  const served = await serve(t, {
    async *read() {
      for (let offset = 0; offset < 300; offset += 1) yield { offset, data: Buffer.alloc(5000) }
    },
  })
  const offsets: number[] = []
  for await (const chunk of readFrom(served, never)) offsets.push(chunk.offset)
  assert.deepEqual(
    offsets,
    Array.from({ length: 300 }, (_, index) => index),
  )
})

test('serveStream() a reader that does not read holds the producer back', async (t) => {
  let produced = 0
  const chunk = Buffer.alloc(64 * 1024)
  const left = Promise.withResolvers<undefined>()
  const served = await serve(t, {
    async *read() {
      try {
        for (;;) yield { offset: (produced += 1), data: chunk }
      } finally {
        left.resolve(undefined)
      }
    },
  })
  for await (const first of readFrom(served, never)) {
    assert.equal(first.offset, 1)
    // Only what fits the windows of the two sides can have been produced, however long the reader is busy.
    await callUnary(served.client.listJobs.bind(served.client), {}, { signal: never }).catch(
      () => undefined,
    )
    break
  }
  await left.promise
  assert.ok(produced < 200, `produced ${produced} chunks for one that was read`)
})

test('messages() leaving the loop cancels the call, and the producer is left', async (t) => {
  const left = Promise.withResolvers<string>()
  const served = await serve(t, {
    async *read(_offset, signal) {
      try {
        yield { offset: 1 }
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error)
          })
        })
      } catch (error) {
        left.resolve(String(error))
        throw error
      }
    },
  })
  for await (const chunk of readFrom(served, never)) {
    assert.equal(chunk.offset, 1)
    break
  }
  assert.match(await left.promise, /the caller has gone/u)
  assert.deepEqual(served.defects, [])
})

test('messages() throws the reason when its signal aborts', async (t) => {
  const stop = new AbortController()
  const served = await serve(t, {
    async *read(_offset, signal) {
      yield { offset: 1 }
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve)
      })
    },
  })
  await assert.rejects(async () => {
    for await (const _chunk of readFrom(served, stop.signal)) stop.abort(new Error('enough'))
  }, /enough/u)
})

test('messages() throws the code and the sentence that the server threw', async (t) => {
  const served = await serve(t, {
    async *read() {
      yield { offset: 1 }
      throw new ErrandError('not_found', 'no job j1 on this host')
    },
  })
  await assert.rejects(
    async () => {
      for await (const _chunk of readFrom(served, never));
    },
    { name: 'ErrandError', code: 'not_found', message: 'no job j1 on this host' },
  )
})

test('callUnary() hides the detail of a defect, and the server notes it', async (t) => {
  const served = await serve(t, {
    async list() {
      throw new TypeError('secret detail')
    },
  })
  await assert.rejects(
    callUnary(served.client.listJobs.bind(served.client), {}, { signal: never }),
    (error: ErrandError) => error.code === 'internal' && !error.message.includes('secret'),
  )
  assert.equal(served.defects.length, 1)
})

test('callUnary() rejects with the reason when its signal aborts, and tells the server', async (t) => {
  const stop = new AbortController()
  const told = Promise.withResolvers<string>()
  const served = await serve(t, {
    list: (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          told.resolve(String(signal.reason))
          reject(signal.reason as Error)
        })
        stop.abort(new Error('no more'))
      }),
  })
  await assert.rejects(
    callUnary(served.client.listJobs.bind(served.client), {}, { signal: stop.signal }),
    /no more/u,
  )
  assert.match(await told.promise, /the caller has gone/u)
})

test('callUnary() says unreachable when nobody listens', async (t) => {
  const client = agentClient('unix:/nonexistent/errand', credentials.createInsecure())
  t.after(() => {
    client.close()
  })
  await assert.rejects(
    callUnary(client.listJobs.bind(client), {}, { signal: never, deadlineMs: 5000 }),
    { code: 'unreachable' },
  )
})
