import type { BuildAge, GroupSource, InstallProgress } from '../../proto/control.ts'
import type {
  JobId,
  JobProgress,
  JobReport,
  OutputStream,
  ProgressQuestion,
} from '../../proto/job.ts'
import type { InstallRequest } from '../../proto/run.ts'

/** What the control service asks of the agents. */
export interface FleetPort {
  /** Agents with an open connection. */
  readonly connectedHosts: number
  /** How the connection to an agent stands. */
  connection(agentId: string): AgentConnection
  /** Resolves with a job's final report. */
  wait(jobId: JobId, options: { readonly signal: AbortSignal }): Promise<JobReport>
  /** Asks for a job's end and resolves with the agent's answer. */
  cancel(
    jobId: JobId,
    options: { readonly graceMs: number; readonly signal: AbortSignal },
  ): Promise<JobReport>
  /** Tells of each job once it is in the record and before its agent hears of it, until the answer is called. */
  onNewJob(listener: (jobId: JobId) => void): () => void
  /** What jobs of an agent print of their progress. None when it does not answer at once, or knows nothing of it. */
  progress(
    agentId: string,
    questions: readonly ProgressQuestion[],
    options: { readonly signal: AbortSignal },
  ): Promise<readonly JobProgress[]>
  /** Names that a host pattern means: of the inventory that `groups` names, or of the `known` hosts. */
  matchHosts(
    pattern: string,
    options: {
      readonly known: readonly string[]
      readonly groups: GroupSource | undefined
      readonly signal: AbortSignal
    },
  ): Promise<readonly string[]>
  /** A stream's kept bytes from an offset; with `follow` until the job has ended and all is read. */
  followOutput(jobId: JobId, options: FollowOptions): AsyncIterable<OutputBytes>
  /** Puts agents on hosts, a line of progress each step. One host's failure is its last step, not an error. */
  install(
    request: InstallRequest,
    options: { readonly signal: AbortSignal },
  ): AsyncIterable<InstallProgress>
  /** Puts this controller's build of the agent in the place of others, jobs running. */
  upgrade(
    request: InstallRequest,
    options: { readonly signal: AbortSignal },
  ): AsyncIterable<InstallProgress>
  /** How an agent's build stands to this controller's. */
  build(host: { readonly version: string; readonly bundleHash: string }): Promise<BuildAge>
  /** Removes agents and every trace of them. */
  uninstall(
    request: InstallRequest,
    options: { readonly signal: AbortSignal },
  ): AsyncIterable<InstallProgress>
}

/** `idle`: nothing to ask of it, so no connection is open. */
export interface AgentConnection {
  readonly state: 'connected' | 'unreachable' | 'idle'
  /** Why it is unreachable, and since when. */
  readonly detail?: string
}

/** Which bytes of a job's output. */
interface FollowOptions {
  readonly stream: OutputStream
  readonly offset: number
  readonly follow: boolean
  /** Begin with the last lines, but not before the offset; an empty piece then says where that is. */
  readonly tailLines?: number | undefined
  readonly signal: AbortSignal
}

/** Bytes of one stream at their place. */
export interface OutputBytes {
  readonly offset: number
  readonly data: Uint8Array
}
