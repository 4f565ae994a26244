import type { Logger } from 'pino'
import type { InstallProgress } from '../../proto/control.ts'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { ClockPort, HostTarget } from '../run/ports.ts'
import type { Store } from '../store/store.ts'
import type { Authority } from './authority.ts'
import type { InstallOptions } from './bootstrap/install.ts'
import { uninstallAgent } from './bootstrap/uninstall.ts'
import type { FleetJobs } from './jobs.ts'
import type { Links } from './links.ts'
import { localHostName, type LocalAgent } from './local-agent.ts'
import { retire } from './retire.ts'

interface RemoveOptions extends InstallOptions {
  readonly store: Store
  readonly links: Links
  readonly jobs: FleetJobs
  readonly local: LocalAgent
  readonly authority: Authority
  readonly clock: ClockPort
  readonly log: Logger
}

/**
 * Takes an agent off its host and out of the record.
 *
 * @throws {ErrandError} `conflict` while jobs run there, unless forced.
 */
export async function removeAgent(
  target: HostTarget,
  options: RemoveOptions,
): Promise<Pick<InstallProgress, 'step' | 'message'>> {
  const { store, links, authority, local } = options
  const isLocal = target.connection === 'local'
  const row = await store.hosts.find(isLocal ? localHostName : target.name)
  if (row) await retire(row, options)
  if (isLocal) {
    await local.remove(options)
    if (row) await links.remove(row)
    return { step: 'done', message: 'removed' }
  }
  const { controllerId } = authority.identity
  let isRemoved = false
  try {
    isRemoved = await uninstallAgent(target, { ...options, controllerId })
  } catch (error) {
    if (!options.force || !row || !(error instanceof ErrandError) || error.code !== 'unreachable')
      throw error
    await links.remove(row)
    return { step: 'done', message: `forgotten, and left as it is: ${sentenceOf(error)}` }
  }
  if (row) await links.remove(row)
  return isRemoved
    ? { step: 'done', message: 'removed' }
    : { step: 'skipped', message: 'there was no agent' }
}
