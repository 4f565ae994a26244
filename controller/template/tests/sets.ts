import { define, defineLazy } from '../define.ts'
import { membership } from '../filters/sets.ts'
import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import { contains, iterate } from '../python/iterate.ts'
import type { Definition, Table } from '../registry.ts'

const subset: Definition<boolean> = define('b', (value, [other = null]) => holdsAll(other, value))
const superset: Definition<boolean> = define('b', (value, [other = null]) => holdsAll(value, other))

/** Tests of lists and what is in them. */
export const setTests: Table<boolean> = {
  contains: defineLazy('value', (value, [item = null]) => contains(value, item)),
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  any: define('', (value) => iterate(value).some(isTrue)),
  all: define('', (value) => iterate(value).every(isTrue)),
}

function holdsAll(container: Datum, items: Datum): boolean {
  const isIn = membership(iterate(container))
  return iterate(items).every(isIn)
}
