import { Undefined } from '../scope.ts'
import { type Datum, HostObject, NamedPair, ToldMap } from './datum.ts'
import { itemOf, ownKey } from './items.ts'
import { methodOf } from './methods.ts'
import { pythonRepr } from './text.ts'
import { objectName } from './types.ts'
import { SoftUndefined } from './soft-undefined.ts'

/** `value.name`: a Python attribute or method first, then the key of a map. */
export function getAttribute(value: Datum, name: string): Datum {
  if (value instanceof Undefined) return value
  const attribute = attributeOf(value, name)
  const found = attribute === undefined ? ownKey(value, name) : attribute
  return found === undefined ? absent(value, name) : found
}

/** `value[key]`: a key or place first, then the attribute of that name. */
export function getItem(value: Datum, key: Datum): Datum {
  if (value instanceof Undefined) return value
  if (key instanceof Undefined) return key
  if (value instanceof SoftUndefined) throw value.error()
  const found = itemOf(value, key)
  if (found !== undefined) return found
  if (typeof key !== 'string') {
    return new Undefined(`${objectName(value)} has no element ${pythonRepr(key)}`)
  }
  const attribute = attributeOf(value, key)
  return attribute === undefined ? absent(value, key) : attribute
}

function absent(value: Datum, name: string): Undefined {
  const isTold = value instanceof ToldMap
  return new Undefined(
    isTold ? value.absent(name) : `'${objectName(value)}' has no attribute '${name}'`,
  )
}

/** What Python's `getattr` finds: never the key of a map. */
export function pythonAttribute(value: Datum, name: string): Datum {
  if (value instanceof Undefined) return value
  const found = attributeOf(value, name)
  return found === undefined
    ? new Undefined(`'${objectName(value)}' has no attribute '${name}'`)
    : found
}

function attributeOf(value: Datum, name: string): Datum | undefined {
  if (value instanceof HostObject) return value.attribute(name)
  if (value instanceof NamedPair) return value.attribute(name)
  return methodOf(value, name)
}
