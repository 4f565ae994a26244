/** Calls to an agent beside its link, each on a connection of its own: the agent may be another at every call. */
import type { Logger } from 'pino'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { callUnary, type UnaryMethod } from '../../../proto/call.ts'
import type { Welcome } from '../../../proto/agent-messages.ts'
import { ErrandError } from '../../../proto/errors.ts'
import type { AgentClient } from '../../../proto/gen/errand/agent/v1/Agent.ts'
import type { ListJobsReply__Output } from '../../../proto/gen/errand/agent/v1/ListJobsReply.ts'
import type { SettleUpgradeRequest } from '../../../proto/gen/errand/agent/v1/SettleUpgradeRequest.ts'
import type { UpgradeState__Output } from '../../../proto/gen/errand/agent/v1/UpgradeState.ts'
import type { UpgradeChunk } from '../../../proto/gen/errand/agent/v1/UpgradeChunk.ts'
import { reportFromWire } from '../../../proto/job-codec.ts'
import type { JobReport } from '../../../proto/job.ts'
import { limits } from '../../../proto/limits.ts'
import { agentClient } from '../../../proto/load.ts'
import { sendAll } from '../../../proto/stream.ts'
import {
  upgradeStateFromWire,
  type UpgradeState,
  type UpgradeVerdict,
} from '../../../proto/upgrade.ts'
import type { ClockPort } from '../../run/ports.ts'
import type { AgentCredentials } from '../agent-credentials.ts'
import type { Parcel } from '../bootstrap/parcels.ts'
import { greet } from '../connection.ts'
import { channelTarget, dialOptions, type AgentPlace } from '../dial.ts'
import { OnTrial } from './on-trial.ts'

/** Where an agent serves, whoever it is that serves there now. */
export interface AgentSeat {
  readonly host: string
  readonly agentId: string
  readonly place: AgentPlace
  readonly credentials: AgentCredentials
  /** The last event number stored. */
  readonly lastSeq: number
  readonly clock: ClockPort
  readonly log: Logger
}

interface CallOptions {
  readonly signal: AbortSignal
  /** How long an answer may take. */
  readonly timeoutMs: number
}

/** What to say of a bundle. */
export interface Verdict {
  readonly verdict: UpgradeVerdict
  readonly sha256: string
  readonly reason?: string
}

/**
 * Asks who serves and how its upgrade stands, or says whether the one on trial stays.
 *
 * @throws {ErrandError} `unsupported` for an agent that knows nothing of upgrades.
 */
export function settle(
  seat: AgentSeat,
  verdict: Verdict,
  options: CallOptions,
): Promise<UpgradeState> {
  return withClient(seat, (client) => settleBy(client, verdict, options))
}

/** The same on a connection that is there. */
async function settleBy(
  client: AgentClient,
  { verdict, sha256, reason = '' }: Verdict,
  { signal, timeoutMs }: CallOptions,
): Promise<UpgradeState> {
  const request = { sha256, verdict: verdict === 'ask' ? '' : verdict, reason }
  const ask: UnaryMethod<SettleUpgradeRequest, UpgradeState__Output> =
    client.settleUpgrade.bind(client)
  const wire = await callUnary(ask, request, { signal, deadlineMs: timeoutMs })
  return upgradeStateFromWire(wire)
}

/** All jobs in the agent's spool. */
export function listJobs(
  seat: AgentSeat,
  { signal, timeoutMs }: CallOptions,
): Promise<readonly JobReport[]> {
  return withClient(seat, async (client) => {
    const ask: UnaryMethod<object, ListJobsReply__Output> = client.listJobs.bind(client)
    const { reports } = await callUnary(ask, {}, { signal, deadlineMs: timeoutMs })
    return reports.map((report) => reportFromWire(report))
  })
}

/** Says hello and hears the welcome; no event is taken. */
export function welcomeOf(seat: AgentSeat, options: CallOptions): Promise<Welcome> {
  return greet({ ...seat, ...options, heartbeatMs: 0, onEvent: () => Promise.resolve() })
}

/** Sends a bundle; resolves when the agent has it, has seen it start, and is about to be replaced by it. */
export function sendBundle(
  seat: AgentSeat,
  { bundle, trialMs }: { readonly bundle: Parcel; readonly trialMs: number },
  signal: AbortSignal,
): Promise<void> {
  return withClient(seat, async (client) => {
    const head = { bytes: (await stat(bundle.path)).size, sha256: bundle.hash, trialMs }
    const source = upgradeOf(head, bundle.path)
    await sendAll<UpgradeChunk>((answer) => client.upgrade(answer), { source, signal })
  })
}

async function* upgradeOf(
  head: NonNullable<UpgradeChunk['head']>,
  path: string,
): AsyncGenerator<UpgradeChunk, void> {
  yield { head }
  const file: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: limits.chunkBytes })
  for await (const data of file) yield { data }
}

async function withClient<T>(
  { agentId, place, credentials }: AgentSeat,
  work: (client: AgentClient) => Promise<T>,
): Promise<T> {
  const client = agentClient(channelTarget(place), credentials.for(agentId), dialOptions(agentId))
  try {
    return await work(client)
  } finally {
    client.close()
  }
}

/**
 * Lets an agent in whose bundle is not the one that was known, unless it is on trial.
 *
 * @throws {OnTrial}
 */
export async function refuseOnTrial(
  client: AgentClient,
  { host, signal }: { readonly host: string; readonly signal: AbortSignal },
): Promise<void> {
  let state: UpgradeState
  try {
    state = await settleBy(client, { verdict: 'ask', sha256: '' }, { signal, timeoutMs: 5000 })
  } catch (error) {
    // One that knows nothing of upgrades is on no trial.
    if (error instanceof ErrandError && error.code === 'unsupported') return
    throw error
  }
  if (state.phase === 'trial') throw new OnTrial(host)
}
