import { without } from '../../proto/value.ts'
import { askInstalled } from './installed-module.ts'
import { textOf } from './arguments.ts'
import { hostFact } from './host-fact.ts'
import { failure, type HostModule } from './module.ts'

/** The module of the host's own package manager. */
export const packageModule: HostModule = {
  kind: 'host',
  name: 'package',
  isFreeForm: false,
  options: 'any',
  ask: async (call) => {
    const use = call.args.get('use')
    const args = without(call.args, ['use'])
    const asked = use === undefined || use === null ? 'auto' : textOf(use)
    const manager = asked === 'auto' ? await hostFact(call, 'pkg_mgr') : asked
    const name = manager === '' ? 'unknown' : manager
    if (!call.hasInstalled(name)) {
      return failure(`Could not find a matching action for the "${name}" package manager.`)
    }
    return await askInstalled(call, { name, args })
  },
}
