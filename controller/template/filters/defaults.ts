import { define, defineLazy } from '../define.ts'
import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import { filterError } from '../python/python-error.ts'
import { isUndefined } from '../python/soft-undefined.ts'
import { toText } from '../python/text.ts'
import { typeName } from '../python/types.ts'
import type { Definition, Table } from '../registry.ts'
import { Undefined } from '../scope.ts'

const orDefault: Definition<Datum> = defineLazy(
  'default_value boolean',
  (value, [otherwise = '', isForFalse = false]) => {
    const isMissing = isUndefined(value) || (isTrue(isForFalse) && !isTrue(value))
    return isMissing ? otherwise : value
  },
)

/** Filters about what may be missing, true or of some type. */
export const defaultFilters: Table<Datum> = {
  default: orDefault,
  d: orDefault,
  mandatory: defineLazy('msg', (value, [message = null]) => {
    if (!(value instanceof Undefined)) return value
    if (message !== null) throw filterError(toText(message))
    const name = /^('.*') is undefined$/u.exec(value.hint)?.[1]
    throw filterError(`Mandatory variable ${name === undefined ? '' : `${name} `} not defined.`)
  }),
  ternary: defineLazy('true_val false_val none_val', (value, args) => {
    const [whenTrue = null, whenFalse = null, whenNone = null] = args
    if (value === null && whenNone !== null) return whenNone
    return isTrue(value) ? whenTrue : whenFalse
  }),
  bool: define('', (value) => toBool(value)),
  type_debug: defineLazy('', (value) => typeName(value).replace(/^.*\./u, '')),
}

/** Ansible's reading of a boolean: a few words and 1 are true, None stays None, all else is false. */
function toBool(value: Datum): boolean | null {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return ['yes', 'on', '1', 'true'].includes(value.toLowerCase())
  return value === 1 || toText(value) === '1.0'
}
