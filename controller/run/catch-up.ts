import { untilAborted } from '../../proto/call.ts'
import { firstOf } from './race.ts'
import type { RunContext } from './run-context.ts'

/** Within this time a run that goes on comes to another outcome of the record, unless it never does. */
const stallMs = 5000

/**
 * Waits until every outcome of the record has been taken. Under the free strategy a host may be far behind another one
 * when a run goes on, and what it evaluates must find what the other had learned. A run that does not get any further
 * in the record waits no longer: it has taken another way.
 */
export async function catchUp({ checkpoints, world }: RunContext): Promise<void> {
  for (let before = Infinity; checkpoints.ahead > 0 && checkpoints.ahead < before;) {
    before = checkpoints.ahead
    await firstOf(
      {
        one: (signal) => untilAborted(checkpoints.caughtUp, signal),
        other: (signal) => world.clock.sleep(stallMs, { signal }),
      },
      world.signal,
    )
  }
}
