import { mapOf } from '../../proto/value.ts'
import { sentenceOf } from '../../proto/errors.ts'
import {
  answer,
  failure,
  type ControllerCall,
  type ControllerModule,
  refusesByName,
} from './module.ts'

/** Waits until the host answers. */
export const waitForConnection: ControllerModule = {
  kind: 'controller',
  name: 'wait_for_connection',
  isFreeForm: false,
  refuses: refusesByName,
  options: {
    connect_timeout: { type: 'int', default: 5 },
    delay: { type: 'int', default: 0 },
    sleep: { type: 'int', default: 1 },
    timeout: { type: 'int', default: 600 },
  },
  run: async (call) => {
    const delay = call.args.get('delay')
    const sleep = call.args.get('sleep')
    const timeout = call.args.get('timeout')
    const startedAtMs = call.runOn.nowMs()
    const elapsed = () => Math.floor((call.runOn.nowMs() - startedAtMs) / 1000)
    if (call.checkMode) return answer(mapOf({ changed: false, skipped: true }))
    if (Number(delay) > 0) await call.runOn.sleep(Number(delay) * 1000)
    const untilMs = startedAtMs + (Number(delay) + Number(timeout)) * 1000
    const problem = await untilAnswered(call, { untilMs, sleepMs: Number(sleep) * 1000 })
    if (problem === undefined) return answer(mapOf({ changed: false, elapsed: elapsed() }))
    const msg = `timed out waiting for ping module test: ${problem}`
    return failure(msg, { elapsed: elapsed() })
  },
}

/** Asks until the host answers; what it last said when the time is over before. */
async function untilAnswered(
  call: ControllerCall,
  times: { readonly untilMs: number; readonly sleepMs: number },
): Promise<string | undefined> {
  for (;;) {
    try {
      await call.runOn.command({ kind: 'command', argv: ['true'], checkOnly: false })
      return undefined
    } catch (error) {
      call.signal.throwIfAborted()
      if (call.runOn.nowMs() >= times.untilMs) return sentenceOf(error)
    }
    call.runOn.reconnect()
    await call.runOn.sleep(Math.max(times.sleepMs, 100))
  }
}
