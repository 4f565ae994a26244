import { newMap, type ValueMap } from '../../proto/value.ts'
import type { TaskLocals } from '../vars/host-vars.ts'

/** Outside of includes and loops there are no such names. */
export const noLocals: TaskLocals = { data: newMap(), includeParams: newMap() }

/** Names of one item, for the scope. */
export function withData(locals: TaskLocals, data: ValueMap): TaskLocals {
  return { ...locals, data: newMap([...locals.data, ...data]) }
}
