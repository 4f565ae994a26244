import { textOf } from './arguments.ts'
import type { ControllerModule } from './module.ts'

/** Tells how a job that `async` started stands, or drops its files. */
export const asyncStatus: ControllerModule = {
  kind: 'controller',
  name: 'async_status',
  legacyName: 'ansible.legacy.async_status',
  isFreeForm: false,
  options: {
    jid: { type: 'str', isRequired: true },
    mode: { type: 'str', choices: ['status', 'cleanup'], default: 'status' },
  },
  run: async (call) => {
    const jobId = textOf(call.args.get('jid') ?? '')
    if (call.args.get('mode') === 'cleanup') return await call.runOn.asyncCleanup(jobId)
    return await call.runOn.asyncStatus(jobId)
  },
}
