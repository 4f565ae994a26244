import { ErrandError } from '../../proto/errors.ts'
import { isMap, type MapKey, newMap, type ValueMap } from '../../proto/value.ts'
import { type Datum, newDict } from '../template/python/datum.ts'
import { type Scope, Undefined } from '../template/scope.ts'
import type { Question } from './python-process.ts'

/** What a plugin that was called in `scope` asks of variables. */
export function answerFrom(scope: Scope, { ask, name, host }: Question): Datum {
  if (ask === 'hosts') return [...mapNamed('hostvars', scope).keys()]
  if (ask === 'has_host') return mapNamed('hostvars', scope).has(name)
  if (host !== undefined) return ofHost(host, { scope, ask, name })
  if (ask === 'names') return namesIn(mapNamed('vars', scope))
  const answer = variable(name, scope)
  return ask === 'has' ? answer.size > 0 : answer
}

function ofHost(
  host: string,
  { scope, ask, name }: { readonly scope: Scope; readonly ask: string; readonly name: string },
): Datum {
  const found = mapNamed('hostvars', scope).get(host)
  const all = isMap(found) ? found : newMap()
  if (ask === 'names') return namesIn(all)
  if (ask === 'has') return all.has(name)
  const value = rendered(() => all.get(name) ?? null)
  return all.has(name) && !(value instanceof Undefined) ? newDict([['value', value]]) : newDict()
}

/**
 * A variable for a plugin: its rendered value; or, where that cannot be rendered, its source, which fails in Python when
 * the plugin renders it, as it would with Ansible. Empty when there is none.
 */
function variable(name: string, scope: Scope): Map<MapKey, Datum> {
  const value = rendered(() => scope.resolve(name))
  if (!(value instanceof Undefined)) return newDict([['value', value]])
  const written = mapNamed('vars', scope)
  return written.has(name) ? newDict([['source', written.get(name) ?? null]]) : newDict()
}

/** Magic variables have a name also where they have no value. */
function namesIn(map: ValueMap): readonly Datum[] {
  return [...map.keys()].filter((name) => map.has(name))
}

function mapNamed(name: string, scope: Scope): ValueMap {
  const value = scope.resolve(name)
  return isMap(value) ? value : newMap()
}

function rendered(read: () => Datum): Datum {
  try {
    return read()
  } catch (error) {
    if (error instanceof ErrandError) return new Undefined(error.message)
    throw error
  }
}
