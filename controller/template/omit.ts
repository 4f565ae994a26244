import { randomBytes } from 'node:crypto'
import { type Value, isList, isMap, newMap } from '../../proto/value.ts'

/** The value of `omit`: a text nobody can guess, other in each process. */
export const omitToken = `__omit_place_holder__${randomBytes(20).toString('hex')}`

/**
 * The value without the entries of maps that are {@link omitToken}, also of maps in its lists; itself when there are
 * none. An item of a list stays, as in Ansible.
 */
export function dropOmitted(value: Value): Value {
  if (!isMap(value)) return value
  let isSame = true
  const kept = newMap()
  for (const [key, item] of value) {
    if (item === omitToken) isSame = false
    else {
      const part = isList(item) ? withoutOmitted(item) : dropOmitted(item)
      kept.set(key, part)
      isSame &&= part === item
    }
  }
  return isSame ? value : kept
}

function withoutOmitted(list: readonly Value[]): Value {
  const items = list.map((item) => dropOmitted(item))
  return items.every((item, place) => item === list[place]) ? list : items
}
