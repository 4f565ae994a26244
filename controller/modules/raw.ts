import { textOf } from './arguments.ts'
import { answer, failure, type HostModule } from './module.ts'

/** Runs a command line by a shell and gives its output as it comes. */
export const raw: HostModule = {
  kind: 'host',
  name: 'raw',
  isFreeForm: true,
  options: { cmd: { type: 'str' }, executable: { type: 'str' } },
  ask: async (call) => {
    if (call.checkMode) return answer({ changed: false, skipped: true })
    const line =
      call.freeForm ?? (call.args['cmd'] === undefined ? undefined : textOf(call.args['cmd']))
    if (line === undefined) return failure('no command given')
    const program =
      call.args['executable'] === undefined ? '/bin/sh' : textOf(call.args['executable'])
    return {
      kind: 'ask',
      work: { kind: 'command', argv: [program, '-c', line], checkOnly: false },
      reading: { kind: 'low_level' },
    }
  },
}
