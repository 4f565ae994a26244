import { randomInt } from 'node:crypto'
import type { CallContext } from '../call-context.ts'
import type { Datum } from '../python/datum.ts'
import { PythonRandom } from '../python/python-random.ts'
import { isTrue } from '../python/compare.ts'
import { isIterable, iterate } from '../python/iterate.ts'
import { isInteger } from '../python/number.ts'
import { PythonError, filterError, valueError } from '../python/python-error.ts'

/** A number below a bound. */
type Below = (bound: number) => number

function source(seed: Datum): Below {
  if (seed === null) return (bound) => randomInt(bound)
  const random = new PythonRandom(seed)
  return (bound) => random.below(bound)
}

/** Ansible's `random`: an item of a sequence, or a number below `value`. */
export function randomChoice(
  value: Datum,
  args: readonly (Datum | undefined)[],
  _context: CallContext,
): Datum {
  const [start = null, step = null, seed = null] = args
  const below = source(seed)
  if (isInteger(value)) {
    const from = isTrue(start) ? Number(start) : 0
    const by = isTrue(step) ? Number(step) : 1
    const count = Math.ceil((Number(value) - from) / by)
    if (count <= 0) throw valueError('empty range for randrange()')
    return from + by * below(count)
  }
  if (!isIterable(value)) throw filterError('random can only be used on sequences and integers')
  if (isTrue(start) || isTrue(step)) {
    throw filterError('start and step can only be used with integer values')
  }
  const items = iterate(value)
  if (items.length === 0)
    throw new PythonError('IndexError', 'Cannot choose from an empty sequence')
  return items[below(items.length)] ?? null
}

/** Ansible's `shuffle`. */
export function shuffled(value: Datum, seed: Datum): Datum {
  if (!isIterable(value)) return value
  const items = [...iterate(value)]
  const below = source(isTrue(seed) ? seed : null)
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = below(last + 1)
    const item = items[last] ?? null
    items[last] = items[other] ?? null
    items[other] = item
  }
  return items
}
