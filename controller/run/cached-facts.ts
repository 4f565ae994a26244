import { isMap, type ValueMap } from '../../proto/value.ts'
import { checkpointText } from './checkpoints.ts'
import type { FactCache } from './fact-cache.ts'
import type { CachedFacts } from './host-knowledge.ts'
import type { RunContext } from './run-context.ts'

/**
 * The cache as one host of a run sees it. What it gave, or that it gave nothing, is recorded: who goes on with the run begins with the
 * same, though the run itself has written to the cache since.
 */
export function cachedFactsOf(
  host: string,
  { checkpoints, emitter }: Pick<RunContext, 'checkpoints' | 'emitter'>,
  cache: FactCache,
): CachedFacts {
  const position = `cached:${host}`
  let loaded: { readonly facts: ValueMap | undefined } | undefined
  return {
    load: () => (loaded ??= { facts: load() }).facts,
    store: (facts) => cache.store(host, facts),
    forget: () => cache.forget(host),
  }

  function load(): ValueMap | undefined {
    const known = checkpoints.at(position)
    if (known !== undefined) return isMap(known) ? known : undefined
    const facts = cache.load(host)
    // Should it be lost, so is everything after it: the record is written in order.
    emitter.keep(position, checkpointText(facts ?? null)).catch(() => {})
    return facts
  }
}
