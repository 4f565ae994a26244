import { isMap } from '../../proto/value.ts'
import { plainName } from '../modules/registry.ts'
import type { Attempt } from './attempt.ts'
import type { Result } from './results.ts'

/** Keeps what a result says in `ansible_facts`: set_fact's names as they are, others as facts of the host. */
export function takeFacts(attempt: Attempt, result: Result): void {
  const facts = result['ansible_facts']
  if (!isMap(facts)) return
  const { env, settings } = attempt
  const { context } = env.play
  const module = plainName(env.task.module)
  if (module === 'debug' || module === 'include_vars') return
  const isDelegated = settings.delegateFacts && settings.delegateTo !== undefined
  const hosts = isDelegated
    ? [context.hostRun(settings.delegateTo ?? env.host.name)]
    : [env.host, ...env.sharers]
  for (const host of hosts) {
    if (module === 'set_fact') Object.assign(host.vars.set, facts)
    else Object.assign(host.vars.facts, facts)
  }
}
