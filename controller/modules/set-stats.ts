import { mapOf, isMap, newMap } from '../../proto/value.ts'
import { answer, failure, type ControllerModule, refusesByName } from './module.ts'

/** Collects values that are shown after the recap. */
export const setStats: ControllerModule = {
  kind: 'controller',
  name: 'set_stats',
  isFreeForm: false,
  refuses: refusesByName,
  options: {
    data: { type: 'raw' },
    per_host: { type: 'bool', default: false },
    aggregate: { type: 'bool', default: true },
  },
  run: async (call) => {
    const data = call.args.get('data')
    const isPerHost = call.args.get('per_host')
    const isAdding = call.args.get('aggregate')
    if (data !== undefined && !isMap(data)) {
      return failure("The 'data' option needs to be a dictionary/hash")
    }
    const values = data === undefined ? newMap() : data
    call.runOn.setStats(values, { isPerHost: isPerHost === true, isAdding: isAdding !== false })
    const stats = newMap([
      ['data', values],
      ['per_host', isPerHost ?? false],
      ['aggregate', isAdding ?? true],
    ])
    return answer(mapOf({ changed: false, ansible_stats: stats }))
  },
}
