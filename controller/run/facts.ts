import { isMap } from '../../proto/value.ts'
import { cacheableMark } from '../modules/set-fact.ts'
import { plainName } from '../modules/registry.ts'
import { runsOn, type Attempt } from './attempt.ts'
import type { Result } from './results.ts'

/** Keeps what a result says in `ansible_facts`: set_fact's names as they are, others as facts of the host. */
export function takeFacts(attempt: Attempt, result: Result): void {
  const facts = result.get('ansible_facts')
  if (!isMap(facts)) return
  const { env, settings } = attempt
  const module = plainName(env.task.module)
  if (module === 'debug' || module === 'include_vars') return
  const isDelegated = settings.delegateFacts && settings.delegateTo !== undefined
  const hosts = isDelegated ? [runsOn(attempt)] : [env.host, ...env.sharers].map(({ name }) => name)
  env.effects.add({
    kind: 'facts',
    hosts,
    isSetFact: module === 'set_fact',
    ...(result.get(cacheableMark) === true ? { isCacheable: true } : {}),
    ...(module === 'gather_facts' ? { isComplete: true } : {}),
    facts,
  })
}
