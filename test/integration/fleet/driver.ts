/**
 * A fleet in a process of its own: in the lab the controller has another network than the test. Reads one request a
 * line from standard input, answers each with a line.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pino } from 'pino'
import { openFleet, type Fleet } from '../../../controller/fleet/fleet.ts'
import type { HostTarget, PreparedHost } from '../../../controller/run/ports.ts'
import { openSqliteStore } from '../../../controller/store/sqlite.ts'
import type { Store } from '../../../controller/store/store.ts'
import { ErrandError, sentenceOf } from '../../../proto/errors.ts'
import type { JobSpec, OutputStream } from '../../../proto/job.ts'

/** All that a test may ask of the driver; each is answered by its value in JSON. */
export interface DriverRequest {
  readonly op:
    | 'install'
    | 'uninstall'
    | 'prepare'
    | 'start'
    | 'wait'
    | 'look'
    | 'output'
    | 'follow'
    | 'cancel'
    | 'forget'
    | 'upload'
    | 'download'
    | 'connection'
    | 'resume'
    | 'hosts'
    | 'job'
    | 'drop'
  readonly target?: HostTarget
  readonly targets?: readonly HostTarget[]
  readonly host?: PreparedHost
  readonly spec?: JobSpec
  readonly jobId?: string
  readonly stream?: OutputStream
  readonly path?: string
  readonly base64?: string
  readonly agentId?: string
  readonly force?: boolean
  readonly install?: boolean
  readonly acceptNewHostKeys?: boolean
  readonly nodeRuntimeFile?: string
  readonly environment?: Readonly<Record<string, string>>
}

const [home = '', agentBundlePath = '', runtime = '', mode = ''] = process.argv.slice(2)
const { signal } = new AbortController()
mkdirSync(home, { recursive: true, mode: 0o700 })
const store = openSqliteStore(join(home, 'errand.db'))
const log = pino(
  { level: 'debug' },
  pino.destination({ dest: join(home, 'driver.log'), sync: true }),
)
const fleet = await openFleet({
  home,
  store,
  log,
  agentBundlePath,
  runtimePath: (arch) => (arch === 'x64' ? runtime : undefined),
  repeatSubmits: mode === 'repeat-submits',
})
process.stdout.write(`${JSON.stringify({ id: 0, value: 'ready' })}\n`)

for await (const line of createInterface({ input: process.stdin })) {
  const { id, request } = JSON.parse(line) as {
    readonly id: number
    readonly request: DriverRequest
  }
  void answer(id, request)
}
await fleet[Symbol.asyncDispose]()
await store[Symbol.asyncDispose]()

async function answer(id: number, request: DriverRequest): Promise<void> {
  let reply: object
  try {
    reply = { id, value: (await perform(request, { fleet, store })) ?? null }
  } catch (error) {
    const code = error instanceof ErrandError ? error.code : 'none'
    reply = { id, error: { code, message: sentenceOf(error) } }
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}

function perform(
  request: DriverRequest,
  parts: { readonly fleet: Fleet; readonly store: Store },
): Promise<unknown> {
  const { jobId = '', stream = 'stdout' } = request
  switch (request.op) {
    case 'wait':
      return parts.fleet.wait(jobId, { signal })
    case 'look':
      return parts.fleet.look(jobId, { signal })
    case 'output':
      return parts.fleet
        .output(jobId, stream, { signal })
        .then((bytes) => Buffer.from(bytes).toString('base64'))
    case 'follow':
      return follow(parts.fleet, request)
    case 'cancel':
      return parts.fleet.cancel(jobId, { graceMs: 200, signal })
    case 'forget':
      return parts.fleet.forget(jobId, { signal })
    case 'resume':
      return parts.fleet.resume()
    case 'hosts':
      return parts.fleet.hosts()
    case 'job':
      return parts.store.jobs.find(jobId)
    case 'connection':
      return Promise.resolve(parts.fleet.connection(request.agentId ?? ''))
    default:
      return performOnHost(request, parts.fleet)
  }
}

async function performOnHost(request: DriverRequest, parts: Fleet): Promise<unknown> {
  const { targets = [], target, host, spec, force = false, path = '' } = request
  const common = {
    acceptNewHostKeys: request.acceptNewHostKeys ?? false,
    nodeRuntimeFile: request.nodeRuntimeFile,
    environment: request.environment ?? {},
    signal,
  }
  switch (request.op) {
    case 'install':
      return all(parts.install(targets, { ...common, force, forks: 5 }))
    case 'uninstall':
      return all(parts.uninstall(targets, { ...common, force, forks: 5 }))
    case 'prepare': {
      const steps: string[] = []
      const onStep = (step: string) => steps.push(step)
      if (!target) throw new Error('prepare needs a target')
      return {
        ...(await parts.prepare(target, { ...common, install: request.install ?? true, onStep })),
        steps,
      }
    }
    default:
      if (!host) throw new Error(`${request.op} needs a host`)
  }
  switch (request.op) {
    case 'start': {
      if (!spec) throw new Error('start needs a job')
      const stdin =
        request.base64 === undefined ? {} : { stdin: Buffer.from(request.base64, 'base64') }
      const origin = {
        runId: 'r',
        taskId: 't',
        taskName: spec.name,
        host: host.target.name,
        isAsync: true,
        position: '',
      }
      return parts.start(host, { ...spec, ...stdin }, { origin, isKnown: false, signal })
    }
    case 'upload': {
      const content = path === '' ? Buffer.from(request.base64 ?? '', 'base64') : { path }
      return parts.upload(host, content, { signal })
    }
    case 'download': {
      const runAs = { user: '', method: 'none' } as const
      const chunks = await all(parts.download(host, path, { runAs, signal }))
      return Buffer.concat(chunks).toString('base64')
    }
    default:
      throw new Error(`no such request: ${request.op}`)
  }
}

async function follow(
  parts: Fleet,
  { jobId = '', stream = 'stdout' }: DriverRequest,
): Promise<string> {
  const pieces = await all(parts.followOutput(jobId, { stream, offset: 0, follow: true, signal }))
  return Buffer.concat(pieces.map(({ data }) => data)).toString('base64')
}

async function all<T>(pieces: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = []
  for await (const piece of pieces) list.push(piece)
  return list
}
