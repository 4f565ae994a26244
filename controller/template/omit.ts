import { randomBytes } from 'node:crypto'
import { type Value, isList, isMap, newMap } from '../../proto/value.ts'

/** The value of `omit`: a text nobody can guess, other in each process. */
export const omitToken = `__omit_place_holder__${randomBytes(20).toString('hex')}`

/** The value without the entries and items that are {@link omitToken}; itself when there are none. */
export function dropOmitted(value: Value): Value {
  if (isList(value)) {
    const kept = value.filter((item) => item !== omitToken)
    const items = kept.map((item) => dropOmitted(item))
    const isSame =
      items.length === value.length && items.every((item, place) => item === value[place])
    return isSame ? value : items
  }
  if (!isMap(value)) return value
  let isSame = true
  const kept = newMap()
  for (const [key, item] of value) {
    if (item === omitToken) isSame = false
    else {
      const part = dropOmitted(item)
      kept.set(key, part)
      isSame &&= part === item
    }
  }
  return isSame ? value : kept
}
