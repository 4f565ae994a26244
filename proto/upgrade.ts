/** The two calls of an upgrade. They are the same in every version of the protocol. */
import { ErrandError } from './errors.ts'
import type {
  UpgradeState as WireState,
  UpgradeState__Output,
} from './gen/errand/agent/v1/UpgradeState.ts'

/**
 * How an agent's last upgrade stands.
 *
 * - `none`: there was none.
 * - `trial`: the new bundle is being tried; its switcher goes back unless it is told to keep it.
 * - `unsettled`: the new bundle runs, and the switcher that would end the trial is gone.
 */
export type UpgradePhase = 'none' | 'trial' | 'kept' | 'reverted' | 'unsettled'

/** Whether the bundle on trial stays; `ask` only wants to know. */
export type UpgradeVerdict = 'keep' | 'revert' | 'ask'

/** Who answers, and how its last upgrade stands. */
export interface UpgradeState {
  readonly version: string
  readonly protocol: number
  readonly bundleHash: string
  readonly phase: UpgradePhase
  /** The bundle of that upgrade: SHA-256 in hex; empty where there was none. */
  readonly sha256: string
  /** Why it was reverted: a sentence. */
  readonly reason: string
}

/** A state as a message. */
export function upgradeStateToWire(state: UpgradeState): WireState {
  return state
}

/** A state out of a message. */
export function upgradeStateFromWire(wire: UpgradeState__Output): UpgradeState {
  const { version, protocol, bundleHash, sha256, reason } = wire
  return { version, protocol, bundleHash, sha256, reason, phase: phaseOf(wire.phase) }
}

/** A verdict out of a message. */
export function verdictFromWire(text: string): UpgradeVerdict {
  if (text === 'keep' || text === 'revert') return text
  if (text === '') return 'ask'
  throw new ErrandError('invalid', `a verdict is keep or revert, not ${JSON.stringify(text)}`)
}

const phases: readonly UpgradePhase[] = ['none', 'trial', 'kept', 'reverted', 'unsettled']

function phaseOf(text: string): UpgradePhase {
  const found = phases.find((phase) => phase === text)
  if (found !== undefined) return found
  throw new ErrandError('unsupported', `unknown phase of an upgrade: ${JSON.stringify(text)}`)
}
