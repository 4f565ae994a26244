import { ErrandError } from '../../proto/errors.ts'
import { textOf } from '../modules/arguments.ts'
import { isList, type Value } from '../../proto/value.ts'

/**
 * Cuts the hosts of a play into the batches that `serial` asks for: a number, a percentage or a list of those, the
 * last of which repeats. A percentage comes to at least one host; 0 or nothing is all hosts at once.
 *
 * @throws {ErrandError} `invalid` for another value.
 */
export function serialBatches<T>(
  hosts: readonly T[],
  serial: Value | undefined,
): readonly (readonly T[])[] {
  if (serial === undefined || serial === null || hosts.length === 0) return [hosts]
  const sizes = (isList(serial) ? serial : [serial]).map((one) => batchSize(one, hosts.length))
  const batches: (readonly T[])[] = []
  let rest = hosts
  while (rest.length > 0) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)] ?? 0
    const take = size <= 0 ? rest.length : size
    batches.push(rest.slice(0, take))
    rest = rest.slice(take)
  }
  return batches
}

/** A number or a percentage of `total`, as a count. */
function batchSize(value: Value, total: number): number {
  const text = textOf(value).trim()
  const percent = /^(\d+(?:\.\d+)?)%$/u.exec(text)
  if (percent) return Math.max(1, Math.floor((Number(percent[1]) / 100) * total))
  if (/^-?\d+$/u.test(text)) return Number(text)
  throw new ErrandError(
    'invalid',
    `serial must be a number or a percentage, got ${JSON.stringify(text)}`,
  )
}
