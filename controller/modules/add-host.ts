import { textEntries, mapOf, isList, newMap, type Value } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { answer, failure, type ControllerModule } from './module.ts'

const ownNames = new Set(['name', 'hostname', 'host', 'groups', 'group', 'groupname'])

/** Adds a host to the inventory of the run. Its other arguments are variables of the host. */
export const addHost: ControllerModule = {
  kind: 'controller',
  name: 'add_host',
  isFreeForm: false,
  isOncePerPlay: true,
  options: 'any',
  run: async (call) => {
    const { args } = call
    const name = args.get('name') ?? args.get('hostname') ?? args.get('host')
    if (name === undefined || name === null || name === '')
      return failure('name, host or hostname needs to be provided')
    const groups = groupList(
      args.get('groups') ?? args.get('groupname') ?? args.get('group') ?? null,
    )
    const vars = newMap(textEntries(args).filter(([key]) => !ownNames.has(key)))
    const changed = call.runOn.addHost(textOf(name), groups, vars)
    const added = newMap([
      ['host_name', textOf(name)],
      ['groups', groups],
      ['host_vars', vars],
    ])
    return answer(mapOf({ changed, add_host: added }))
  },
}

function groupList(groups: Value): readonly string[] {
  if (groups === null) return []
  const parts = isList(groups) ? groups.map(textOf) : textOf(groups).split(',')
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}
