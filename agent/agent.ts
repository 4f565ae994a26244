/** Wires the agent together and serves until told to stop. The only place that makes its parts. */
import { Server } from '@grpc/grpc-js'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { once } from 'node:events'
import type { Logger } from 'pino'
import { asset } from '../proto/assets.ts'
import { channelOptions, loadAgentService } from '../proto/load.ts'
import { ErrandError, sentenceOf } from '../proto/errors.ts'
import { errandVersion, protocolVersion } from '../proto/version.ts'
import type { AgentConfig } from './config.ts'
import { serverCredentials } from './credentials.ts'
import { downloadAs } from './files/download.ts'
import { Uploads } from './files/uploads.ts'
import { findShimTools } from './host-facts.ts'
import { CannotStart, findPrivilege } from './jobs/privilege.ts'
import { openCgroupBase } from './jobs/containment.ts'
import { Jobs } from './jobs/jobs.ts'
import { readBootId } from './jobs/process-identity.ts'
import { writeWhole } from './jobs/write-file.ts'
import { hasOperation, runOperation } from './operations/table.ts'
import { agentHandlers } from './service.ts'
import { takeLock } from './lock.ts'
import { ensureIdentity, makeStateFolder, writeState } from './state-folder.ts'

/** Serves until `signal` aborts, then closes in the reverse order of opening. Jobs go on. */
export async function serve(config: AgentConfig, log: Logger, signal: AbortSignal): Promise<void> {
  const { folder, kernel } = config
  makeStateFolder(folder)
  using _lock = takeLock(folder, kernel)
  const { agentId } = ensureIdentity(folder)
  const credentials = serverCredentials(folder)
  const privilege = await findPrivilege(config.uid, config.changeUser)
  const cgroups = config.useCgroups ? openCgroupBase({ kernel, agentId, isUnit: config.isUnit }) : undefined
  const uploads = new Uploads({ dir: folder.uploads, handoverDir: folder.handover })
  using jobs = await Jobs.open({
    spoolDir: folder.spool,
    kernel,
    privilege,
    cgroups,
    tools: await findShimTools(layShim(folder.dir), config),
    locale: config.locale,
    operationArgv: (operation) => [...config.self, 'operation', operation],
    operations: {
      has: hasOperation,
      run: (name, argsJson, context) =>
        runOperation(name, argsJson, {
          ...context,
          uploadPath: (id) => (uploads.has(id) ? uploads.path(id) : undefined),
        }),
    },
    uploadFor: (uploadId, { account }) => {
      if (!uploads.has(uploadId)) {
        throw new CannotStart('ENOENT', `the file that was to be run never came: upload ${uploadId}`)
      }
      return Promise.resolve(uploads.handOver(uploadId, { account, own: privilege.own }))
    },
    dropUpload: (uploadId) => {
      uploads.drop(uploadId)
    },
    log,
  })
  const welcome = () => ({
    protocol: protocolVersion,
    version: errandVersion,
    agentId,
    bootId: readBootId(kernel),
    hostname: hostname(),
    user: privilege.own.name,
    isRoot: privilege.isRoot,
    containment: cgroups ? 'cgroup' : 'session',
    journalId: jobs.journal.id,
    bundleHash: hashOf(config.self.at(-1) ?? ''),
  })
  const stopping = new AbortController()
  const server = new Server(channelOptions)
  server.addService(
    loadAgentService(),
    agentHandlers({
      jobs,
      uploads,
      welcome,
      log,
      signal: stopping.signal,
      download: (path, runAs, stop) => downloadAs({ path, runAs, privilege }, stop),
    }),
  )
  try {
    const port = await bind(server, config, credentials)
    writeState(folder.listening, `${JSON.stringify({ port, address: config.listen, agentId, pid: process.pid })}\n`)
    log.info({ agentId, address: config.listen, port, jobs: jobs.runningCount }, 'agent ready')
    if (!signal.aborted) await once(signal, 'abort')
    log.info('agent stops, jobs go on')
  } finally {
    stopping.abort(new ErrandError('unreachable', 'the agent stops'))
    server.forceShutdown()
    rmSync(folder.listening, { force: true })
  }
}

/** Lays the shim's text where every job finds it; a running shell has read its own copy's file descriptor. */
function layShim(stateDir: string): string {
  const text = asset('agent/jobs/shim.sh')
  const file = join(stateDir, `shim-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.sh`)
  writeWhole(file, text)
  return file
}

function hashOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex')
  } catch {
    return ''
  }
}

async function bind(
  server: Server,
  config: AgentConfig,
  credentials: ReturnType<typeof serverCredentials>,
): Promise<number> {
  const { listen, port } = config
  if (listen.startsWith('unix:')) {
    const path = listen.slice('unix:'.length)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    rmSync(path, { force: true }) // of an agent that was killed; the lock says that none is alive
    await bindTo(server, listen, credentials)
    chmodSync(path, 0o600)
    return 0
  }
  try {
    return await bindTo(server, `${listen}:${port}`, credentials)
  } catch (cause) {
    throw bindError(cause, { listen, port })
  }
}

function bindTo(server: Server, address: string, credentials: ReturnType<typeof serverCredentials>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error) reject(error)
      else resolve(port)
    })
  })
}

function bindError(cause: unknown, { listen, port }: { readonly listen: string; readonly port: number }): ErrandError {
  const text = sentenceOf(cause)
  if (text.includes('EADDRINUSE')) {
    return new ErrandError(
      'conflict',
      `port ${port} is already taken by another program on this host; set errand_port to another one in the inventory`,
      { cause },
    )
  }
  if (text.includes('EACCES')) return new ErrandError('denied', `this user may not listen on port ${port}`, { cause })
  return new ErrandError('invalid', `cannot listen on ${listen} port ${port}: ${text}`, { cause })
}
