/** Wires the agent together and serves until told to stop. The only place that makes its parts. */
import { Server } from '@grpc/grpc-js'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Welcome } from '../proto/agent-messages.ts'
import { asset } from '../proto/assets.ts'
import { ErrandError } from '../proto/errors.ts'
import { channelOptions, loadAgentService } from '../proto/load.ts'
import { errandVersion, protocolVersion } from '../proto/version.ts'
import type { AgentConfig } from './config.ts'
import { serverCredentials } from './credentials.ts'
import { downloadAs } from './files/download.ts'
import { Uploads } from './files/uploads.ts'
import { findShimTools } from './host-facts.ts'
import { openCgroupBase } from './jobs/cgroup-base.ts'
import { Jobs, type JobsOptions } from './jobs/jobs.ts'
import { CannotStart, findPrivilege, type Privilege } from './jobs/privilege.ts'
import { readBootId } from './jobs/process-identity.ts'
import { defaultRetention } from './jobs/retention.ts'
import { writeWhole } from './jobs/write-file.ts'
import { listenOn } from './listen.ts'
import { takeLock } from './lock.ts'
import { hasOperation, runOperation } from './operations/table.ts'
import { agentHandlers, type ServiceOptions } from './service.ts'
import { ensureIdentity, makeStateFolder, writeState } from './state-folder.ts'
import { Upgrades } from './upgrade/upgrades.ts'

/** Uploads that no job came for go after a day. */
const staleUploadMs = 24 * 60 * 60 * 1000

/** Serves until `signal` aborts, then closes in the reverse order of opening. Jobs go on. */
export async function serve(config: AgentConfig, log: Logger, signal: AbortSignal): Promise<void> {
  const { folder, kernel } = config
  makeStateFolder(folder)
  using _lock = takeLock(folder, kernel)
  const { agentId } = ensureIdentity(folder)
  const credentials = serverCredentials(folder)
  const privilege = await findPrivilege(config.uid, config.changeUser)
  const uploads = new Uploads({
    dir: folder.uploads,
    handoverDir: folder.handover,
    keptDir: folder.kept,
  })
  const parts = { config, log, uploads, privilege, agentId }
  const options = await jobsOptions(parts)
  using jobs = await Jobs.open(options)
  uploads.dropStale(staleUploadMs, { nowMs: Date.now(), needed: jobs.uploadsInUse() })
  const stopping = new AbortController()
  const containment = options.cgroups ? 'cgroup' : 'session'
  const welcome = welcomeOf(parts, { journalId: () => jobs.journal.id, containment })
  const { bundleHash } = welcome()
  const sleepStep = options.tools.step
  const upgrades = new Upgrades({ config, bundleHash, sleepStep, uploads, log })
  upgrades.recover()
  const service: ServiceOptions = {
    jobs,
    uploads,
    upgrades,
    log,
    welcome,
    download: (path, runAs, stop) => downloadAs({ path, runAs, privilege }, stop),
    signal: stopping.signal,
  }
  const server = new Server(channelOptions)
  server.addService(loadAgentService(), agentHandlers(service))
  try {
    const port = await listenOn(server, { ...config, credentials })
    const listening = { port, address: config.listen, agentId, pid: process.pid }
    writeState(folder.listening, `${JSON.stringify(listening)}\n`)
    log.info({ ...listening, containment, running: jobs.runningCount }, 'agent ready')
    if (!signal.aborted) await once(signal, 'abort')
    log.info('agent stops, jobs go on')
  } finally {
    stopping.abort(new ErrandError('unreachable', 'the agent stops'))
    server.forceShutdown()
    rmSync(folder.listening, { force: true })
  }
}

interface Parts {
  readonly config: AgentConfig
  readonly log: Logger
  readonly uploads: Uploads
  readonly privilege: Privilege
  readonly agentId: string
}

async function jobsOptions(parts: Parts): Promise<JobsOptions> {
  const { config, log, uploads, privilege, agentId } = parts
  const { folder, kernel, isUnit, self, runtimeFlags, locale } = config
  const { quotaBytes, totalQuotaBytes, reserveBytes } = config
  const [node, bundle] = self
  const uploadPath = (id: string) => (uploads.has(id) ? uploads.path(id) : undefined)
  return {
    spoolDir: folder.spool,
    kernel,
    privilege,
    locale,
    log,
    quotaBytes,
    totalQuotaBytes,
    reserveBytes,
    retention: defaultRetention,
    cgroups: config.useCgroups ? openCgroupBase({ kernel, agentId, isUnit }) : undefined,
    tools: await findShimTools(layShim(folder.dir), config),
    operationArgv: (operation) => [node, ...runtimeFlags, bundle, 'operation', operation],
    operations: {
      has: hasOperation,
      run: (name, argsJson, run) => runOperation(name, argsJson, { ...run, uploadPath }),
    },
    uploadFor: (uploadId, { account }) => {
      if (!uploads.has(uploadId)) {
        throw new CannotStart('ENOENT', `the uploaded file ${uploadId} is not on this host`)
      }
      return Promise.resolve(uploads.handOver(uploadId, { account, own: privilege.own }))
    },
    dropUpload: (uploadId) => {
      uploads.drop(uploadId)
    },
  }
}

/** The hash is of the code that runs, whatever lies at its place later. */
function welcomeOf(
  { config, privilege, agentId }: Parts,
  {
    journalId,
    containment,
  }: { readonly journalId: () => string; readonly containment: Welcome['containment'] },
): () => Welcome {
  const bundleHash = hashOf(config.self[1])
  return () => ({
    protocol: protocolVersion,
    version: errandVersion,
    agentId,
    bootId: readBootId(config.kernel),
    hostname: hostname(),
    user: privilege.own.name,
    isRoot: privilege.isRoot,
    bundleHash,
    journalId: journalId(),
    containment,
  })
}

/** Lays the shim's text where every job finds it. A new version has another name: running shells read the old one. */
function layShim(stateDir: string): string {
  const text = asset('agent/jobs/shim.sh')
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  const file = join(stateDir, `shim-${hash}.sh`)
  writeWhole(file, text)
  return file
}

function hashOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex')
  } catch {
    return '' // replaced just now
  }
}
