import type { RunSummary } from '../../proto/control.ts'
import type { GivenLimits, Retention } from '../retention.ts'
import type { Store } from '../store/store.ts'
import { summarizeRuns } from './run-summary.ts'

export interface PruneRequest extends GivenLimits {
  /** Only say which. */
  readonly dryRun: boolean
}

/** Forgets runs and gives their space back; yields each run. */
export async function* pruneRuns(
  { dryRun, ...limits }: PruneRequest,
  {
    store,
    retention,
    signal,
  }: { readonly store: Store; readonly retention: Retention; readonly signal: AbortSignal },
): AsyncGenerator<RunSummary, void> {
  if (dryRun) return yield* summarizeRuns(store, await retention.past(limits))
  for await (const run of retention.prune(limits, signal)) yield* summarizeRuns(store, [run])
  await store.retention.giveBack({ signal })
}
