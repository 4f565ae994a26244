import { ErrandError } from '../../proto/errors.ts'
import { isMap, type MapKey } from '../../proto/value.ts'
import { type Datum, newDict } from '../template/python/datum.ts'
import { type Scope, Undefined } from '../template/scope.ts'

/**
 * A variable for a plugin: its rendered value; or, where that cannot be rendered, its source, which fails in Python when
 * the plugin renders it, as it would with Ansible. Empty when there is none.
 */
export function variable(name: string, scope: Scope): Map<MapKey, Datum> {
  const value = rendered(name, scope)
  if (!(value instanceof Undefined)) return newDict([['value', value]])
  const written = scope.resolve('vars')
  if (!isMap(written) || !written.has(name)) return newDict()
  return newDict([['source', written.get(name) ?? null]])
}

function rendered(name: string, scope: Scope): Datum {
  try {
    return scope.resolve(name)
  } catch (error) {
    if (error instanceof ErrandError) return new Undefined(error.message)
    throw error
  }
}
