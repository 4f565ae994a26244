import { mapOf, isList } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { answer, type ControllerModule, refusesByName } from './module.ts'

/** Puts the host into a group named by a variable. */
export const groupBy: ControllerModule = {
  kind: 'controller',
  name: 'group_by',
  isFreeForm: false,
  refuses: refusesByName,
  options: {
    key: { type: 'str', isRequired: true },
    parents: { type: 'list', default: ['all'] },
  },
  run: async (call) => {
    const group = groupName(textOf(call.args.get('key') ?? ''))
    const parents = call.args.get('parents')
    const above = (isList(parents) ? parents : ['all']).map((name) => groupName(textOf(name)))
    const changed = call.runOn.addToGroup(group, above)
    return answer(mapOf({ changed, add_group: group, parent_groups: above }))
  },
}

function groupName(text: string): string {
  return text.replaceAll(' ', '-')
}
