import type { Datum } from '../python/datum.ts'
import { Namespace } from '../python/host-objects.ts'
import { iterate } from '../python/iterate.ts'
import { valueError } from '../python/python-error.ts'
import type { Target } from '../syntax/nodes.ts'
import type { Frame } from './frame.ts'

/** Makes a function that assigns a value to a name, names, or an attribute of a namespace. */
export function compileTarget(target: Target): (frame: Frame, value: Datum) => void {
  if (target.kind === 'name') return (frame, value) => frame.assign(target.name, value)
  if (target.kind === 'namespace') {
    return (frame, value) => {
      const owner = frame.lookup(target.name)
      if (!(owner instanceof Namespace)) {
        throw valueError('cannot assign attribute on non-namespace object')
      }
      owner.assign(target.attribute, value)
    }
  }
  const parts = target.items.map(compileTarget)
  return (frame, value) => {
    const values = unpacked(value, parts.length)
    parts.forEach((assign, index) => assign(frame, values[index] ?? null))
  }
}

function unpacked(value: Datum, count: number): readonly Datum[] {
  const values = iterate(value)
  if (values.length > count) throw valueError(`too many values to unpack (expected ${count})`)
  if (values.length < count) {
    throw valueError(`not enough values to unpack (expected ${count}, got ${values.length})`)
  }
  return values
}
