import { setTimeout as delay } from 'node:timers/promises'

/** How long to wait, and how often to look. */
export interface WaitForOptions {
  /** The bound after which the test fails. Default 60,000 ms: generous, since it only matters when broken. */
  readonly timeoutMs?: number
  /** Wait between two looks. Default 10 ms. */
  readonly everyMs?: number
}

/**
 * Waits until `condition` holds: it returned something that is neither false, undefined nor null, and did not throw.
 *
 * @param what Said in the failure: `waited 60000 ms for <what>`.
 * @returns What the condition returned.
 * @throws When the bound is reached, with the last error of the condition as its cause.
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  options: WaitForOptions = {},
): Promise<Exclude<T, false | undefined | null>> {
  const { timeoutMs = 60_000, everyMs = 10 } = options
  const until = performance.now() + timeoutMs
  for (;;) {
    const seen = await look(condition)
    if ('value' in seen && isThere(seen.value)) return seen.value
    if (performance.now() >= until) {
      const cause = 'error' in seen ? seen.error : undefined
      throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause })
    }
    await delay(everyMs)
  }
}

function isThere<T>(value: T): value is Exclude<T, false | undefined | null> {
  return value !== false && value !== undefined && value !== null
}

/** What a condition said, or threw: a condition that throws does not hold yet. */
async function look<T>(
  condition: () => T | Promise<T>,
): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await condition() }
  } catch (error) {
    return { error }
  }
}
