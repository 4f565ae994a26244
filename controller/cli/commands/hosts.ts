import { hostFromWire } from '../../../proto/control-codec.ts'
import type { HostSummary } from '../../../proto/control.ts'
import type { CommandContext } from '../context.ts'
import { localTime } from '../durations.ts'
import { readAll } from '../read-all.ts'
import { table } from '../table.ts'

/** `errand hosts`: the hosts that have an agent. */
export async function showHosts(
  names: readonly string[],
  flags: { readonly json?: true },
  context: CommandContext,
): Promise<number> {
  const { controllers, terminal, interrupt } = context
  const hosts = await controllers.ask(({ calls }) =>
    readAll(calls.listHosts({ hosts: [...names] }), {
      map: hostFromWire,
      signal: interrupt.signal,
    }),
  )
  if (flags.json) for (const host of hosts) await terminal.json(host)
  else if (hosts.length > 0) await terminal.out(hostTable(hosts))
  else await terminal.err('no host has an agent yet; errand install puts one there\n')
  return 0
}

function hostTable(hosts: readonly HostSummary[]): string {
  return table(
    ['HOST', 'ADDRESS', 'STATE', 'JOBS', 'USER', 'VERSION', 'JOBS HELD BY', 'LAST SEEN', 'DETAIL'],
    hosts.map((host) => [
      host.name,
      host.port === 0 ? 'this machine' : `${host.address}:${host.port}`,
      host.state,
      String(host.runningJobs),
      host.user,
      versionOf(host),
      host.containment,
      host.lastSeenMs === undefined ? '-' : localTime(host.lastSeenMs),
      host.detail ?? '',
    ]),
  )
}

/** How it stands to what `errand upgrade` would put there. */
function versionOf({ version, build }: HostSummary): string {
  switch (build) {
    case 'current':
      return version
    case 'other':
      return `${version} (another build)`
    case 'older':
    case 'newer':
      return `${version} (${build})`
  }
}
