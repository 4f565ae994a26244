import { mapOf, newMap } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { withInvocation } from './invocation.ts'
import type { ControllerModule } from './module.ts'

/** Where playbooks that look themselves expect the status of jobs; errand keeps it in the agent's spool. */
export const asyncFolder = '~/.ansible_async'

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
    const isCleanup = call.args.get('mode') === 'cleanup'
    const { runOn } = call
    const answered = await (isCleanup ? runOn.asyncCleanup(jobId) : runOn.asyncStatus(jobId))
    // A job that has ended tells how it was called itself.
    const invocation = mapOf({ module_args: newMap([...call.args, ['_async_dir', asyncFolder]]) })
    return { ...answered, result: withInvocation(answered.result, invocation) }
  },
}
