import { mapOf } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { answer, failure, type HostModule } from './module.ts'

/** Runs a command line by a shell and gives its output as it comes. */
export const raw: HostModule = {
  kind: 'host',
  name: 'raw',
  isFreeForm: true,
  options: { cmd: { type: 'str' }, executable: { type: 'str' } },
  ask: async (call) => {
    if (call.checkMode) return answer(mapOf({ changed: false, skipped: true }))
    const line = call.freeForm ?? call.args.get('cmd')
    if (line === undefined) return failure('no command given')
    const program = textOf(call.args.get('executable') ?? '/bin/sh')
    return {
      kind: 'ask',
      work: { kind: 'command', argv: [program, '-c', textOf(line)], checkOnly: false },
      reading: { kind: 'low_level' },
    }
  },
}
