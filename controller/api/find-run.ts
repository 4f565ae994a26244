import { ErrandError } from '../../proto/errors.ts'
import type { RunRow, Store } from '../store/store.ts'

/** How many runs a sentence names. */
const named = 3

/**
 * The run that a person means: by its id, by the beginning of it that no other id has, or the `last` that was started.
 *
 * @throws {ErrandError} `not_found`; `invalid` when several ids begin so.
 */
export async function findRun({ runs }: Pick<Store, 'runs'>, written: string): Promise<RunRow> {
  const exact = await runs.find(written)
  if (exact) return exact
  const wanted = written === 'last' ? { limit: 1 } : { limit: named + 1, idPrefix: written }
  const [first, ...others] = written === '' ? [] : await runs.list(wanted)
  if (!first) throw notFound(written)
  if (others.length === 0) return first
  const ids = [first, ...others].slice(0, named).map(({ runId }) => runId)
  const more = others.length < named ? '' : ', …'
  throw new ErrandError(
    'invalid',
    `several runs begin with ${written}: ${ids.join(', ')}${more}; say more of the id`,
  )
}

function notFound(written: string): ErrandError {
  const text = written === 'last' ? 'no run yet' : `no run ${written}; errand runs lists them`
  return new ErrandError('not_found', text)
}
