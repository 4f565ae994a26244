import { define } from '../define.ts'
import { isEqual, isTrue } from '../python/compare.ts'
import { type Datum, type DatumMap, isDict, isSequence } from '../python/datum.ts'
import { filterError } from '../python/python-error.ts'
import type { CallContext } from '../call-context.ts'
import type { Definition, Table } from '../registry.ts'

const failed = flag('failed', 'failed')
const succeeded = not('success', 'failed')
const skipped = flag('skipped', 'skipped')
const changed: Definition<boolean> = define('', (value) => hasChanged(resultOf(value, 'changed')))

/** Tests of a task's result. */
export const resultTests: Table<boolean> = {
  failed,
  failure: failed,
  succeeded,
  success: succeeded,
  successful: succeeded,
  unreachable: flag('unreachable', 'unreachable'),
  reachable: not('reachable', 'unreachable'),
  changed,
  change: changed,
  skipped,
  skip: skipped,
  started: define('', (value, _args, context) => isOne(value, 'started', context)),
  finished: define('', (value, _args, context) => isOne(value, 'finished', context)),
}

function resultOf(value: Datum, test: string): DatumMap {
  if (isDict(value)) return value
  throw filterError(`The '${test}' test expects a dictionary`)
}

function read(result: DatumMap, key: string): Datum | undefined {
  return result.get(key)
}

function flag(test: string, key: string): Definition<boolean> {
  return define('', (value) => isTrue(read(resultOf(value, test), key) ?? false))
}

function not(_test: string, key: string): Definition<boolean> {
  return define('', (value) => !isTrue(read(resultOf(value, key), key) ?? false))
}

/** A result says so itself, or one of its loop's results does. */
function hasChanged(result: DatumMap): boolean {
  const own = read(result, 'changed')
  if (own !== undefined) return isTrue(own)
  const results = read(result, 'results') ?? null
  if (!isSequence(results) || !isDict(results[0] ?? null)) return false
  return results.some((one) => isDict(one) && isTrue(read(one, 'changed') ?? false))
}

function isOne(value: Datum, key: 'started' | 'finished', context: CallContext): boolean {
  const own = read(resultOf(value, key), key)
  if (own !== undefined) return isEqual(own, 1)
  context.world.warn(`The '${key}' test expects an async task, but a non-async task was tested`)
  return true
}
