import { setTimeout as delay } from 'node:timers/promises'
import { abortReason } from '../../proto/call.ts'
import type { ClockPort } from '../run/ports.ts'

/** The machine's own clock. */
export const systemClock: ClockPort = {
  nowMs: () => Date.now(),
  sleep: async (ms, { signal }) => {
    try {
      await delay(ms, undefined, { signal })
    } catch {
      throw abortReason(signal)
    }
  },
}
