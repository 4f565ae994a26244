/** The agents of all hosts: put there over SSH once, then reached over gRPC alone. */
import type { Logger } from 'pino'
import { limits } from '../../proto/limits.ts'
import type { BuildAge, InstallProgress } from '../../proto/control.ts'
import type {
  JobId,
  JobProgress,
  JobReport,
  JobSpec,
  OutputStream,
  ProgressQuestion,
} from '../../proto/job.ts'
import type { RunId } from '../../proto/run.ts'
import { errandVersion } from '../../proto/version.ts'
import type {
  AgentsPort,
  ClockPort,
  HeldJob,
  HostTarget,
  JobsPort,
  JobView,
  PreparedHost,
  PrepareOptions,
  StartOptions,
} from '../run/ports.ts'
import type { HostRow, Store } from '../store/store.ts'
import { AgentCredentials } from './agent-credentials.ts'
import { Authority } from './authority.ts'
import type { Arch } from './bootstrap/probe.ts'
import { FleetAgents, type RosterOptions } from './agents.ts'
import { FleetJobs } from './jobs.ts'
import { Links } from './links.ts'
import { localHostName, LocalAgent } from './local-agent.ts'
import { askProgress } from './progress.ts'
import { systemClock } from './system-clock.ts'
import { compareBuild } from './upgrade/compare-build.ts'
import {
  Transfers,
  type FollowOptions,
  type OutputBytes,
  type UploadContent,
  type UploadOptions,
} from './transfers.ts'

export interface OpenFleetOptions {
  /** ERRAND_HOME: the authority, the local agent and a cache lie below it. */
  readonly home: string
  readonly store: Store
  readonly log: Logger
  /** The agent's bundle: one file, sent to every host. */
  readonly agentBundlePath: string
  /** The packaged Node runtime of an architecture; undefined when this installation has none. */
  readonly runtimePath: (arch: Arch) => string | undefined
  /** Send every submit twice: a test of the promise that nothing runs twice. */
  readonly repeatSubmits: boolean
  /** How often agents are heard of when they have nothing to say. Default as agreed in `limits`. */
  readonly heartbeatMs?: number
  /** Default: the machine's own. */
  readonly clock?: ClockPort
}

/** How the connection to an agent stands. */
export interface AgentReach {
  readonly state: 'connected' | 'unreachable' | 'idle'
  /** Why it is unreachable, and since when. */
  readonly detail?: string
}

/** Opens the fleet on a record; the caller disposes of it before the record closes. Jobs left from earlier: {@link Fleet.resume}. */
export async function openFleet(options: OpenFleetOptions): Promise<Fleet> {
  const { home, store, log, clock = systemClock, repeatSubmits } = options
  const { heartbeatMs = limits.heartbeatMs } = options
  const authority = await Authority.open(home, clock.nowMs())
  const local = new LocalAgent({
    home,
    authority,
    nowMs: () => clock.nowMs(),
  })
  const links: Links = new Links({
    store,
    credentials: new AgentCredentials(authority.identity),
    clock,
    heartbeatMs,
    log,
    localSocket: ({ name }) => (name === localHostName ? local.socketPath : undefined),
    events: {
      onEvent: (agentId, event) => jobs.onEvent(agentId, event),
      onGap: (link) => {
        logged(jobs.onGap(link), log)
      },
      onConnected: (link, isNewJournal) => {
        logged(jobs.onConnected(link, isNewJournal), log)
      },
      onLost: (link, lastHeardMs) => {
        logged(jobs.onLost(link, lastHeardMs), log)
      },
      onDown: ({ agentId }) => agents.revive(agentId),
    },
  })
  await links.load()
  const jobs: FleetJobs = new FleetJobs({ store, links, clock, log, repeatSubmits })
  const agents: FleetAgents = new FleetAgents({
    store,
    links,
    jobs,
    local,
    authority,
    home,
    bundlePath: options.agentBundlePath,
    packagedRuntime: options.runtimePath,
    clock,
    log,
  })
  return new Fleet({
    jobs,
    agents,
    links,
    transfers: new Transfers({ store, links, clock }),
    store,
  })
}

/** What happens beside a connection: a failure is the record's, and must not end the controller. */
function logged(work: Promise<void>, log: Logger): void {
  work.catch((error: unknown) => {
    log.error({ err: error }, 'the jobs of an agent could not be brought up to date')
  })
}

interface FleetParts {
  readonly jobs: FleetJobs
  readonly agents: FleetAgents
  readonly links: Links
  readonly transfers: Transfers
  readonly store: Store
}

interface Abortable {
  readonly signal: AbortSignal
}

/** All agents and their jobs, for runs and for the control service. */
export class Fleet implements AgentsPort, JobsPort, AsyncDisposable {
  readonly #parts: FleetParts

  constructor(parts: FleetParts) {
    this.#parts = parts
  }

  prepare(target: HostTarget, options: PrepareOptions): Promise<PreparedHost> {
    return this.#parts.agents.prepare(target, options)
  }

  /** Puts agents on hosts, `forks` at a time, and yields what happens. A host's failure is its last step, not an error. */
  install(targets: readonly HostTarget[], options: RosterOptions): AsyncIterable<InstallProgress> {
    return this.#parts.agents.install(targets, options)
  }

  /** Removes agents and every trace of them; hosts whose jobs run are left alone unless forced. */
  uninstall(
    targets: readonly HostTarget[],
    options: RosterOptions,
  ): AsyncIterable<InstallProgress> {
    return this.#parts.agents.uninstall(targets, options)
  }

  /** Puts this controller's build of the agent in the place of others, jobs running. */
  upgrade(targets: readonly HostTarget[], options: RosterOptions): AsyncIterable<InstallProgress> {
    return this.#parts.agents.upgrade(targets, options)
  }

  /** How a host's agent stands to the build that this controller would put there. */
  async build(host: Pick<HostRow, 'version' | 'bundleHash'>): Promise<BuildAge> {
    const bundleHash = await this.#parts.agents.bundleHash()
    return compareBuild(host, { version: errandVersion, bundleHash })
  }

  hosts(): Promise<readonly HostRow[]> {
    return this.#parts.store.hosts.list()
  }

  /** How the connection to an agent stands; never asks it. */
  connection(agentId: string): AgentReach {
    const reach = this.#parts.links.reach(agentId)
    if (reach.kind !== 'unreachable') return { state: reach.kind }
    const since = new Date(reach.sinceMs).toISOString()
    return { state: 'unreachable', detail: `unreachable since ${since}: ${reach.reason}` }
  }

  /** Agents with an open connection. */
  get connectedHosts(): number {
    return this.#parts.links.connectedCount
  }

  /** Takes up the jobs that an earlier controller left in the record. */
  resume(): Promise<void> {
    return this.#parts.jobs.resume()
  }

  /** After the end of a run that another controller began. */
  takeUp(runId: RunId): Promise<void> {
    return this.#parts.jobs.takeUp(runId)
  }

  start(host: PreparedHost, spec: JobSpec, options: StartOptions): Promise<JobReport> {
    return this.#parts.jobs.start(host, spec, options)
  }

  recorded(jobId: JobId): Promise<JobReport | undefined> {
    return this.#parts.jobs.recorded(jobId)
  }

  hold(job: HeldJob): Promise<void> {
    return this.#parts.jobs.hold(job)
  }

  giveUp(jobId: JobId, end: 'expired' | 'cancelled'): Promise<void> {
    return this.#parts.jobs.giveUp(jobId, end)
  }

  wait(jobId: JobId, options: Abortable): Promise<JobReport> {
    return this.#parts.jobs.wait(jobId, options)
  }

  look(jobId: JobId, options: Abortable): Promise<JobView> {
    return this.#parts.jobs.look(jobId, options)
  }

  cancel(jobId: JobId, options: Abortable & { readonly graceMs: number }): Promise<JobReport> {
    return this.#parts.jobs.cancel(jobId, options)
  }

  forget(jobId: JobId, options: Abortable): Promise<void> {
    return this.#parts.jobs.forget(jobId, options)
  }

  output(jobId: JobId, stream: OutputStream, options: Abortable): Promise<Uint8Array> {
    return this.#parts.transfers.output(jobId, stream, options)
  }

  /** Tells of each job once it is in the record and before its agent hears of it, until the answer is called. */
  onNewJob(listener: (jobId: JobId) => void): () => void {
    return this.#parts.jobs.onNew(listener)
  }

  /** What jobs of an agent print of their progress; nothing when it does not answer at once. */
  progress(
    agentId: string,
    questions: readonly ProgressQuestion[],
    options: Abortable,
  ): Promise<readonly JobProgress[]> {
    return askProgress(this.#parts.links.to(agentId), questions, options)
  }

  followOutput(jobId: JobId, options: FollowOptions): AsyncIterable<OutputBytes> {
    return this.#parts.transfers.followOutput(jobId, options)
  }

  upload(host: PreparedHost, content: UploadContent, options: UploadOptions): Promise<string> {
    return this.#parts.transfers.upload(host, content, options)
  }

  download(
    host: PreparedHost,
    path: string,
    options: Abortable & { readonly runAs: JobSpec['runAs'] },
  ): AsyncIterable<Uint8Array> {
    return this.#parts.transfers.download(host, path, options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.agents[Symbol.dispose]()
    this.#parts.jobs[Symbol.dispose]()
    await this.#parts.links[Symbol.asyncDispose]()
  }
}
