import { without } from '../../proto/value.ts'
import type { ValueMap } from '../../proto/value.ts'
import { askInstalled } from './installed-module.ts'
import { textOf } from './arguments.ts'
import { hostFact } from './host-fact.ts'
import type { HostModule } from './module.ts'

/** What the general module takes and that of one service manager does not. */
const unused: Readonly<Record<string, readonly string[]>> = {
  systemd: ['pattern', 'runlevel', 'sleep', 'arguments', 'args'],
}

/** The module of the host's own service manager; the general one where that has none. */
export const service: HostModule = {
  kind: 'host',
  name: 'service',
  isFreeForm: false,
  options: 'any',
  ask: async (call) => {
    const use = call.args.get('use')
    const args = without(call.args, ['use'])
    const asked = use === undefined || use === null ? 'auto' : textOf(use).toLowerCase()
    const manager = asked === 'auto' ? await hostFact(call, 'service_mgr') : asked
    const name = call.hasInstalled(manager) ? manager : 'service'
    const { kept, notes } = fitting(name, args)
    return await askInstalled(call, { name, args: kept, notes })
  },
}

function fitting(name: string, args: ValueMap) {
  const ignored = (unused[name] ?? []).filter((option) => args.has(option))
  return {
    kept: without(args, ignored),
    notes: ignored.map((option) => `Ignoring "${option}" as it is not used in "${name}"`),
  }
}
