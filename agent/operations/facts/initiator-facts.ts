import { content, names, printed, type Facts } from './read.ts'

/** Names by which storage networks know this host; empty where it is in none. */
export function initiatorFacts(): Facts {
  return {
    fibre_channel_wwn: names('/sys/class/fc_host').flatMap((host) =>
      linesOf(`/sys/class/fc_host/${host}/port_name`).map((line) => line.slice(2)),
    ),
    iscsi_iqn: valueOf('/etc/iscsi/initiatorname.iscsi', 'InitiatorName=').slice(
      'InitiatorName='.length,
    ),
    hostnqn: valueOf('/etc/nvme/hostnqn', 'nqn.'),
  }
}

function linesOf(file: string): readonly string[] {
  return (content(file) ?? '').split('\n').filter((line) => line.trim() !== '')
}

function valueOf(file: string, start: string): string {
  return linesOf(file).find((line) => line.startsWith(start)) ?? ''
}

/** What capsh says that the processes of this host may do. */
export async function capabilityFacts(): Promise<Facts> {
  const text = await printed('capsh', ['--print'])
  return capabilitiesOf(text)
}

/** The text that capsh prints; see {@link capabilityFacts}. */
export function capabilitiesOf(text: string | undefined): Facts {
  if (text === undefined) return { system_capabilities_enforced: 'N/A', system_capabilities: 'N/A' }
  const line = text.split('\n').find((one) => one.startsWith('Current:'))
  if (line === undefined) return { system_capabilities_enforced: 'NA', system_capabilities: [] }
  if (line.split(':')[1]?.trim() === '=ep')
    return { system_capabilities_enforced: 'False', system_capabilities: [] }
  const named = line.split('=')[1] ?? ''
  return {
    system_capabilities_enforced: 'True',
    system_capabilities: named.split(',').map((one) => one.trim()),
  }
}
