/** The two calls of an upgrade, as the agent serves them. */
import type { ServerReadableStream, sendUnaryData } from '@grpc/grpc-js'
import type { Logger } from 'pino'
import type { Welcome } from '../../proto/agent-messages.ts'
import { statusFor } from '../../proto/call.ts'
import { ErrandError } from '../../proto/errors.ts'
import type { SettleUpgradeRequest__Output } from '../../proto/gen/errand/agent/v1/SettleUpgradeRequest.ts'
import type { UpgradeChunk__Output } from '../../proto/gen/errand/agent/v1/UpgradeChunk.ts'
import type { UpgradeReply } from '../../proto/gen/errand/agent/v1/UpgradeReply.ts'
import type { UpgradeState as WireState } from '../../proto/gen/errand/agent/v1/UpgradeState.ts'
import { upgradeStateToWire, verdictFromWire } from '../../proto/upgrade.ts'
import { controllerOf } from '../credentials.ts'
import type { Upgrades } from './upgrades.ts'

interface UpgradeContext {
  readonly upgrades: Upgrades
  readonly welcome: () => Welcome
  readonly log: Logger
}

/** Takes a bundle in; the agent is replaced once the caller has its answer. */
export async function receiveUpgrade(
  call: ServerReadableStream<UpgradeChunk__Output, UpgradeReply>,
  callback: sendUnaryData<UpgradeReply>,
  { upgrades, log }: UpgradeContext,
): Promise<void> {
  try {
    controllerOf(call)
    const chunks = call[Symbol.asyncIterator]() as AsyncIterator<UpgradeChunk__Output>
    const first = await chunks.next()
    const head = first.done === true ? undefined : first.value.head
    if (!head) throw new ErrandError('invalid', 'the first message of an upgrade must be its head')
    const handOver = await upgrades.receive(head, dataOf(chunks))
    callback(null, {})
    handOver()
  } catch (error) {
    callback(statusFor(error, (err) => log.error({ err }, 'upgrade failed')))
  }
}

/** Takes a verdict, and tells how the upgrade stands. */
export function settleUpgrade(
  { sha256, verdict, reason }: SettleUpgradeRequest__Output,
  { upgrades, welcome }: UpgradeContext,
): WireState {
  upgrades.settle(verdictFromWire(verdict), { sha256, reason })
  const { version, protocol, bundleHash } = welcome()
  return upgradeStateToWire({ version, protocol, bundleHash, ...upgrades.standing() })
}

async function* dataOf(
  chunks: AsyncIterator<UpgradeChunk__Output>,
): AsyncGenerator<Uint8Array, void> {
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    if (next.value.data) yield next.value.data
  }
}
