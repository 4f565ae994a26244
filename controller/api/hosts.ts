import { openStages } from '../../proto/job-life.ts'
import type { HostSummary } from '../../proto/control.ts'
import type { HostRow, Store } from '../store/store.ts'
import type { FleetPort } from './fleet-port.ts'

/** Hosts with an agent, by name: all of them, or the named ones. */
export async function* listHosts(
  names: readonly string[],
  { store, fleet }: { readonly store: Store; readonly fleet: FleetPort },
): AsyncGenerator<HostSummary, void> {
  const running = await store.jobs.list({ states: openStages, limit: 1_000_000 })
  for (const host of await store.hosts.list()) {
    if (names.length > 0 && !names.includes(host.name)) continue
    const jobs = running.filter(({ agentId }) => agentId === host.agentId).length
    yield { ...summarizeHost(host, jobs, fleet), build: await fleet.build(host) }
  }
}

function summarizeHost(
  host: HostRow,
  runningJobs: number,
  fleet: FleetPort,
): Omit<HostSummary, 'build'> {
  const { state, detail } = fleet.connection(host.agentId)
  return {
    name: host.name,
    address: host.address,
    port: host.agentPort,
    agentId: host.agentId,
    state,
    version: host.version,
    user: host.agentUser,
    containment: host.containment,
    runningJobs,
    ...(host.lastSeenMs === undefined ? {} : { lastSeenMs: host.lastSeenMs }),
    ...(detail === undefined ? {} : { detail }),
  }
}
