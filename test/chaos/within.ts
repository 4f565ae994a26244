import { untilAborted } from '../../proto/call.ts'

/**
 * Work that may take so long and no longer.
 *
 * @param what Said in the failure: `WHAT took more than 30 s`.
 */
export async function within<T>(
  what: string,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return await untilAborted(work(signal), signal)
  } catch (cause) {
    if (!signal.aborted) throw cause
    throw new Error(`${what} took more than ${timeoutMs / 1000} s`, { cause })
  }
}
