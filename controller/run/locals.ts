import { newMap } from '../../proto/value.ts'
import type { TaskLocals } from '../vars/host-vars.ts'

/** Outside of includes and loops there are no such names. */
export const noLocals: TaskLocals = { data: newMap(), includeParams: newMap() }
