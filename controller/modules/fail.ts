import { mapOf } from '../../proto/value.ts'
import { answer, type ControllerModule, refusesByName } from './module.ts'

/** Fails with a message. */
export const fail: ControllerModule = {
  kind: 'controller',
  name: 'fail',
  isFreeForm: false,
  refuses: refusesByName,
  options: { msg: { type: 'raw', default: 'Failed as requested from task' } },
  run: async (call) => answer(mapOf({ failed: true, msg: call.args.get('msg') ?? null })),
}
