import { ErrandError } from '../../proto/errors.ts'
import type { RunContext } from './run-context.ts'

/**
 * Whether a run has nobody to run on, though its inventory has hosts: then a wrong pattern must not look like a success.
 * An ad-hoc task whose own pattern matches nobody is only warned of, as Ansible does.
 *
 * @throws {ErrandError} `invalid` when `--limit` leaves no host.
 */
export async function hasNoHosts(context: RunContext): Promise<boolean> {
  const { request, language } = context
  const inventory = context.inventory()
  if (inventory.hosts.size === 0) return false
  if (language.match(request.adhoc?.pattern ?? 'all', inventory).length > 0) return false
  await context.tellWarnings()
  if (request.limit === undefined && request.adhoc) {
    const text = 'No hosts matched, nothing to do'
    await context.emitter.emit({ kind: 'message', level: 'warning', text })
    return true
  }
  const nobody =
    'Specified inventory, host pattern and/or --limit leaves us with no hosts to target.'
  throw new ErrandError('invalid', nobody)
}
