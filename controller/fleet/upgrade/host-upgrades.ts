import { ErrandError } from '../../../proto/errors.ts'
import { errandVersion, protocolVersion } from '../../../proto/version.ts'
import type { HostRow } from '../../store/store.ts'
import type { Parcel } from '../bootstrap/parcels.ts'
import type { Links } from '../links.ts'
import { settle, type AgentSeat } from './agent-seat.ts'
import { buildName } from './compare-build.ts'
import { upgradeAgent } from './upgrade-agent.ts'

export interface HostUpgradeOptions {
  /** The host's own time-out: a new agent has three of them to be found good. */
  readonly timeoutMs: number
  /** --node-runtime FILE: refused, since an upgrade is of the agent alone. */
  readonly nodeRuntimeFile: string | undefined
  readonly onStep: (step: string, message: string) => void
  readonly signal: AbortSignal
}

/** What an upgrade came to, as a last step says it. */
export interface HostUpgrade {
  readonly step: 'done' | 'skipped'
  readonly message: string
}

/** Upgrades agents by the connection that they serve on. */
export class HostUpgrades {
  readonly #links: Links
  readonly #bundle: () => Promise<Parcel>

  constructor(links: Links, bundle: () => Promise<Parcel>) {
    this.#links = links
    this.#bundle = bundle
  }

  /**
   * Puts this controller's build in the place of the agent's own, unless it is that already.
   *
   * @throws {ErrandError} why the old agent is the one that goes on.
   */
  async upgrade(row: HostRow, options: HostUpgradeOptions): Promise<HostUpgrade> {
    if (options.nodeRuntimeFile !== undefined)
      throw new ErrandError(
        'invalid',
        `${row.name}: an upgrade keeps the runtime that is there; errand install --node-runtime replaces it`,
      )
    const bundle = await this.#bundle()
    const seat = await this.#links.seat(row.agentId)
    const state = await this.#ask(seat, bundle, options)
    const now = buildName(state)
    if (state.bundleHash === bundle.hash && state.phase !== 'trial')
      return { step: 'skipped', message: `already up to date: errand-agent ${now}` }
    if (state.phase === 'trial')
      throw new ErrandError('conflict', `${row.name}: an upgrade is under way there already`)
    const release = await this.#links.to(row.agentId).hold('the agent is being upgraded')
    try {
      const trialMs = options.timeoutMs * 3
      const { version, jobs } = await upgradeAgent(seat, { ...options, bundle, trialMs })
      const next = buildName({ version, bundleHash: bundle.hash })
      const went = jobs === 0 ? '' : `, ${jobs} job${jobs === 1 ? '' : 's'} went on`
      return { step: 'done', message: `upgraded from ${now} to ${next}${went}` }
    } finally {
      release()
    }
  }

  /**
   * Upgrades an agent that speaks an older protocol than this controller.
   *
   * @throws {ErrandError} `unsupported` when it speaks a newer one, or was not refused for that.
   */
  async forProtocol(
    row: HostRow,
    options: Omit<HostUpgradeOptions, 'nodeRuntimeFile'>,
  ): Promise<HostUpgrade> {
    const seat = await this.#links.seat(row.agentId)
    const state = await this.#ask(seat, await this.#bundle(), options)
    if (state.protocol < protocolVersion)
      return await this.upgrade(row, { ...options, nodeRuntimeFile: undefined })
    throw new ErrandError(
      'unsupported',
      `${row.name}: its agent (errand ${state.version}, protocol ${state.protocol}) is newer than this controller ` +
        `(errand ${errandVersion}, protocol ${protocolVersion}): use that errand, or put this one's agent there with errand upgrade`,
    )
  }

  /** Who serves there. One that runs our bundle and was left on trial has passed by answering. */
  async #ask(
    seat: AgentSeat,
    { hash }: Parcel,
    { timeoutMs, signal }: Pick<HostUpgradeOptions, 'timeoutMs' | 'signal'>,
  ) {
    const calls = { timeoutMs, signal }
    try {
      const state = await settle(seat, { verdict: 'ask', sha256: '' }, calls)
      if (state.phase !== 'unsettled') return state
      return await settle(seat, { verdict: 'keep', sha256: hash }, calls)
    } catch (error) {
      if (!(error instanceof ErrandError) || error.code === 'internal' || signal.aborted)
        throw error
      const sentence =
        error.code === 'unsupported'
          ? 'its agent cannot be upgraded by itself: errand install replaces it over SSH'
          : error.message
      throw new ErrandError(error.code, `${seat.host}: ${sentence}`, { cause: error })
    }
  }
}
