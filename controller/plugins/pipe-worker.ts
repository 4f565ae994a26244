/**
 * The thread that owns the Python process. A template has its value at once or not at all, so the thread that evaluates
 * sleeps until this one has the answer; pipes, in Node, can only be read by a thread that does not sleep.
 */
import { spawn } from 'node:child_process'
import { workerData } from 'node:worker_threads'
import type { FromPipe, PipeData, ToPipe } from './pipe.ts'

const { program, args, environment, cwd, port, shared } = workerData as PipeData
const state = new Int32Array(shared)

const child = spawn(program, [...args], { env: { ...environment }, cwd, stdio: 'pipe' })
Atomics.store(state, 1, child.pid ?? 0)

/** The other thread wakes up by the count of messages. */
function tell(message: FromPipe): void {
  port.postMessage(message)
  Atomics.add(state, 0, 1)
  Atomics.notify(state, 0)
}

let isOver = false
function end(reason: string): void {
  if (isOver) return
  isOver = true
  Atomics.store(state, 1, 0)
  tell({ kind: 'end', reason })
  port.close()
}

child.on('error', (error) => {
  const isAbsent = 'code' in error && error.code === 'ENOENT'
  end(isAbsent ? `there is no ${program} on this machine` : error.message)
})
child.on('close', (code, signal) => {
  end(signal === null ? `it ended with code ${code ?? '?'}` : `it was ended by ${signal}`)
})
child.stdin.on('error', () => {}) // its end is told by 'close'
child.stderr.setEncoding('utf8').on('data', (text: string) => {
  tell({ kind: 'said', text })
})

let pending: Buffer[] = []
let pendingBytes = 0
child.stdout.on('data', (chunk: Buffer) => {
  pending.push(chunk)
  pendingBytes += chunk.length
  for (;;) {
    const frame = nextFrame()
    if (frame === undefined) return
    tell({ kind: 'frame', text: frame })
  }
})

function nextFrame(): string | undefined {
  if (pendingBytes < 4) return undefined
  if ((pending[0]?.length ?? 0) < 4) pending = [Buffer.concat(pending)]
  const length = pending[0]?.readUInt32BE(0) ?? 0
  if (pendingBytes < 4 + length) return undefined
  const all = pending.length === 1 ? (pending[0] ?? Buffer.alloc(0)) : Buffer.concat(pending)
  const rest = all.subarray(4 + length)
  pending = rest.length === 0 ? [] : [rest]
  pendingBytes = rest.length
  return all.toString('utf8', 4, 4 + length)
}

port.on('message', (message: ToPipe) => {
  if (message.kind === 'close') {
    child.stdin.end()
    // It leaves when its input ends; a plugin that has not come back does not.
    setTimeout(() => child.kill('SIGKILL'), message.graceMs).unref()
    return
  }
  const body = Buffer.from(message.text, 'utf8')
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  child.stdin.write(Buffer.concat([head, body]))
})
