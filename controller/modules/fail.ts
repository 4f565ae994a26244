import { mapOf } from '../../proto/value.ts'
import { answer, type ControllerModule } from './module.ts'

/** Fails with a message. */
export const fail: ControllerModule = {
  kind: 'controller',
  name: 'fail',
  isFreeForm: false,
  hasOnlyNames: true,
  options: { msg: { type: 'raw', default: 'Failed as requested from task' } },
  run: async (call) =>
    answer(mapOf({ changed: false, failed: true, msg: call.args.get('msg') ?? null })),
}
