import { ErrandError } from '../../../proto/errors.ts'
import type { ClockPort } from '../../run/ports.ts'
import { systemClock } from '../system-clock.ts'

export interface TryAgainOptions {
  /** Attempts after the first. */
  readonly retries: number
  readonly signal: AbortSignal
  /** Default the machine's. */
  readonly clock?: Pick<ClockPort, 'sleep'>
}

/**
 * Connects, and again while the host does not answer: a host that refuses the login is not asked twice.
 *
 * @throws What the last attempt threw; the abort's reason when `signal` aborts.
 */
export async function tryAgain<T>(
  connect: () => Promise<T>,
  { retries, signal, clock = systemClock }: TryAgainOptions,
): Promise<T> {
  for (let index = 0; ; index += 1) {
    try {
      return await connect()
    } catch (error) {
      if (index >= retries || !isUnanswered(error)) throw error
    }
    await clock.sleep(waitMs(index), { signal })
  }
}

function isUnanswered(error: unknown): boolean {
  return error instanceof ErrandError && error.code === 'unreachable'
}

/** 0, 1, 3, 7 … 30 s, as Ansible waits. */
function waitMs(index: number): number {
  return Math.min(2 ** index - 1, 30) * 1000
}
