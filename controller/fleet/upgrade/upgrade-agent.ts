/** Replaces the agent of a host by another build, on trial: it stays only when it was found good. */
import { ErrandError, sentenceOf } from '../../../proto/errors.ts'
import type { JobReport } from '../../../proto/job.ts'
import type { UpgradeState } from '../../../proto/upgrade.ts'
import { isFinal } from '../../../proto/job.ts'
import type { Parcel } from '../bootstrap/parcels.ts'
import { listJobs, sendBundle, settle, welcomeOf, type AgentSeat } from './agent-seat.ts'
import { lostJobs } from './lost-jobs.ts'

export interface UpgradeOptions {
  readonly bundle: Parcel
  /** How long the new agent has to be found good. */
  readonly trialMs: number
  readonly onStep: (step: string, message: string) => void
  readonly signal: AbortSignal
}

/** An upgrade that came to a good end. */
export interface Upgraded {
  /** Of the agent that serves now. */
  readonly version: string
  /** How many jobs ran on through it. */
  readonly jobs: number
}

/** How long one question may take, of an agent that may be about to go. */
const askMs = 3000
const betweenMs = 200
/** Beyond the trial: to stop the one, to start the other, and to switch back. */
const switchMs = 60_000

/**
 * Sends a bundle to an agent, judges the one that comes up from it, and waits until one of the two is there to stay.
 * Nobody else may speak to the agent meanwhile.
 *
 * @throws {ErrandError} why the old agent is the one that stayed; `unreachable` when neither is heard.
 */
export async function upgradeAgent(seat: AgentSeat, options: UpgradeOptions): Promise<Upgraded> {
  const { signal, onStep } = options
  const running = (await listJobs(seat, { signal, timeoutMs: askMs * 3 })).filter(
    ({ state }) => !isFinal(state),
  )
  onStep('files', 'sends the agent')
  await hand(seat, options)
  onStep('start', 'starts the new agent on trial')
  const { version } = await new Trial(seat, { ...options, running }).untilSettled()
  return { version, jobs: running.length }
}

/** Sends the bundle; an answer that was lost on its way is looked up. */
async function hand(seat: AgentSeat, { bundle, trialMs, signal }: UpgradeOptions): Promise<void> {
  try {
    await sendBundle(seat, { bundle, trialMs }, signal)
  } catch (error) {
    if (signal.aborted || !(error instanceof ErrandError)) throw error
    if (error.code === 'unreachable') {
      const state = await ask(seat, signal).catch(() => undefined)
      if (state?.phase === 'trial' && state.sha256 === bundle.hash) return
    }
    throw new ErrandError(error.code, `${seat.host}: ${error.message}`, { cause: error })
  }
}

function ask(seat: AgentSeat, signal: AbortSignal): Promise<UpgradeState> {
  return settle(seat, { verdict: 'ask', sha256: '' }, { signal, timeoutMs: askMs })
}

/** From the hand-over until one agent stays. */
class Trial {
  readonly #seat: AgentSeat
  readonly #options: UpgradeOptions & { readonly running: readonly JobReport[] }
  #lastError = ''
  /** Why the new agent could not be judged. */
  #doubt = ''

  constructor(
    seat: AgentSeat,
    options: UpgradeOptions & { readonly running: readonly JobReport[] },
  ) {
    this.#seat = seat
    this.#options = options
  }

  async untilSettled(): Promise<UpgradeState> {
    const { clock, host } = this.#seat
    const { signal, trialMs } = this.#options
    const untilMs = clock.nowMs() + trialMs + switchMs
    while (clock.nowMs() < untilMs) {
      const settled = await this.#look()
      if (settled) return settled
      await clock.sleep(betweenMs, { signal })
    }
    throw new ErrandError(
      'unreachable',
      `${host}: neither the new agent nor the old one answers; errand install puts it right (${this.#lastError})`,
    )
  }

  /** @returns the state of the new agent once it stays. */
  async #look(): Promise<UpgradeState | undefined> {
    const { signal, bundle } = this.#options
    try {
      const state = await ask(this.#seat, signal)
      if (state.sha256 !== bundle.hash) return undefined
      if (state.bundleHash === bundle.hash) return await this.#judge(state)
      if (state.phase === 'reverted') {
        const doubt = this.#doubt === '' ? '' : ` (${this.#doubt})`
        throw new SwitchedBack(this.#seat.host, `${state.reason}${doubt}`)
      }
      return undefined // the old one, about to go
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof SwitchedBack) throw error
      this.#lastError = sentenceOf(error)
      return undefined // one has gone and the other is not there yet
    }
  }

  /** The new one answers: it is told whether it stays. */
  async #judge(state: UpgradeState): Promise<UpgradeState | undefined> {
    if (state.phase === 'kept') return state
    const { signal, bundle } = this.#options
    const reason = await this.#complaint()
    const verdict = reason === undefined ? 'keep' : 'revert'
    const options = { signal, timeoutMs: askMs }
    const said = {
      verdict,
      sha256: bundle.hash,
      ...(reason === undefined ? {} : { reason }),
    } as const
    const after = await settle(this.#seat, said, options)
    return after.phase === 'kept' ? after : undefined
  }

  /** What is wrong with the new agent; undefined when it is good. */
  async #complaint(): Promise<string | undefined> {
    const { signal, bundle, running } = this.#options
    const options = { signal, timeoutMs: askMs }
    try {
      const welcome = await welcomeOf(this.#seat, options)
      if (welcome.bundleHash !== bundle.hash) return 'it says that it is another bundle'
      return lostJobs(running, await listJobs(this.#seat, options))
    } catch (error) {
      signal.throwIfAborted()
      // Only what it says itself counts against it: a connection that breaks off may be the network's fault.
      if (error instanceof ErrandError && error.code !== 'unreachable') return sentenceOf(error)
      this.#doubt = sentenceOf(error)
      throw error
    }
  }
}

/** The old agent is back. */
class SwitchedBack extends ErrandError {
  constructor(host: string, reason: string) {
    super('unsupported', `${host}: the new agent did not stay, the old one is back: ${reason}`)
  }
}
