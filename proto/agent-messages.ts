import type { JobEvent, JobId, JobReport, JobSpec, WireError } from './job.ts'

/** What a controller says on the long stream of a connection. Everything is safe to repeat. */
export type ControllerMessage =
  | {
      readonly kind: 'hello'
      readonly protocol: number
      readonly version: string
      /** The last event number stored; the agent goes on after it. 0: none. */
      readonly lastSeq: number
      /** How often each side is heard of when it has nothing to say; 0: as agreed in `limits`. */
      readonly heartbeatMs: number
    }
  | { readonly kind: 'submit'; readonly request: number; readonly spec: JobSpec }
  | {
      readonly kind: 'look'
      readonly request: number
      readonly jobId: JobId
      /** A job that is unknown here never starts: its id is remembered before `not_found` is answered. */
      readonly callOff: boolean
    }
  | {
      readonly kind: 'cancel'
      readonly request: number
      readonly jobId: JobId
      readonly graceMs: number
    }
  /** Drops an ended job's directory; its id stays remembered. */
  | { readonly kind: 'forget'; readonly request: number; readonly jobId: JobId }
  | { readonly kind: 'acknowledge'; readonly seq: number }
  | { readonly kind: 'heartbeat'; readonly atMs: number }

/** What an agent says. `request` is the number of the request that is answered. */
export type AgentMessage =
  | ({ readonly kind: 'welcome' } & Welcome)
  | { readonly kind: 'report'; readonly request: number; readonly report: JobReport }
  | { readonly kind: 'failure'; readonly request: number; readonly error: WireError }
  | { readonly kind: 'event'; readonly event: JobEvent }
  | { readonly kind: 'heartbeat'; readonly atMs: number }

/** The first word of an agent. */
export interface Welcome {
  readonly protocol: number
  readonly version: string
  readonly agentId: string
  readonly bootId: string
  readonly hostname: string
  /** The account that the agent runs as. */
  readonly user: string
  readonly isRoot: boolean
  /** How jobs are held together here. */
  readonly containment: string
  /** Names the journal: made anew when the spool is. A controller that knows another starts from 0. */
  readonly journalId: string
  /** SHA-256 of the agent's bundle, in hex. */
  readonly bundleHash: string
}
