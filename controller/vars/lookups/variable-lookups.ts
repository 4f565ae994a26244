import { isMap, textKeys, isList } from '../../../proto/value.ts'
import type { Value } from '../../../proto/value.ts'
import { matchHosts } from '../../inventory/match-hosts.ts'
import { Undefined } from '../../template/scope.ts'
import { toText } from '../../template/templates.ts'
import { textTerms } from './lookup-call.ts'
import { LookupFailure } from '../../template/scope.ts'
import type { Lookup, LookupCall } from './lookup-call.ts'

/** Lookups of variables: the user's, the playbook's, the inventory's. */
export const variableLookups: Readonly<Record<string, Lookup>> = {
  env,
  vars,
  varnames,
  inventory_hostnames: inventoryHostnames,
}

function env(call: LookupCall): readonly Value[] {
  const fallback = call.options.get('default') ?? ''
  return textTerms(call).map((name) => call.world.environment[name] ?? fallback)
}

function vars(call: LookupCall): readonly Value[] {
  return textTerms(call).map((name) => {
    const value = call.scope.resolve(name)
    if (!(value instanceof Undefined)) return value
    if (call.options.has('default')) return call.options.get('default') ?? null
    throw new LookupFailure(`No variable found with this name: ${name}`, 'AnsibleUndefinedVariable')
  })
}

function varnames(call: LookupCall): readonly Value[] {
  const all = call.scope.resolve('vars')
  const names = isMap(all) ? textKeys(all) : []
  return textTerms(call).flatMap((term) => {
    const pattern = expression(term)
    return names.filter((name) => pattern.test(name))
  })
}

function expression(term: string): RegExp {
  try {
    return new RegExp(term, 'u')
  } catch {
    throw new LookupFailure(`unable to use "${term}" as a search parameter`)
  }
}

function inventoryHostnames(call: LookupCall): readonly Value[] {
  const patterns = call.terms.flatMap((term) => (isList(term) ? term.map(toText) : [toText(term)]))
  return matchHosts(call.world.inventory(), patterns)
}
