import { isMap, newMap } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import type { HostCall } from './module.ts'

/** One fact of the host as text: what the play knows already, else what the host says now. */
export async function hostFact(call: HostCall, name: string): Promise<string> {
  const known = call.render(
    `{{ ansible_facts[${JSON.stringify(name)}] | ansible.builtin.default("") }}`,
  )
  if (known !== null && known !== '') return textOf(known)
  const result = await call.operation(
    'setup',
    newMap([
      ['gather_subset', ['!all']],
      ['filter', [`ansible_${name}`]],
    ]),
  )
  const facts = result.get('ansible_facts')
  const value = isMap(facts) ? facts.get(`ansible_${name}`) : undefined
  return value === undefined || value === null ? '' : textOf(value)
}
