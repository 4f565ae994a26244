import { textOf } from './arguments.ts'
import { newMap, type Value } from '../../proto/value.ts'
import { answer, type ControllerModule } from './module.ts'
import { withLines } from './output-text.ts'
import { localTime } from './times.ts'

/** Waits; a run has no keyboard, so a pause without a length goes on at once. */
export const pause: ControllerModule = {
  kind: 'controller',
  name: 'pause',
  isFreeForm: false,
  isOncePerPlay: true,
  options: {
    seconds: { type: 'float' },
    minutes: { type: 'float' },
    prompt: { type: 'str' },
    echo: { type: 'bool', default: true },
  },
  run: async (call) => {
    const { seconds, minutes, prompt } = call.args
    const lengthMs = seconds !== undefined ? number(seconds) * 1000 : number(minutes) * 60_000
    const isTimed = seconds !== undefined || minutes !== undefined
    if (prompt !== undefined) await call.runOn.notice('notice', textOf(prompt))
    if (!isTimed)
      await call.runOn.notice(
        'warning',
        'Not waiting for response to prompt as stdin is not interactive',
      )
    const startedAtMs = call.runOn.nowMs()
    if (lengthMs > 0) await call.runOn.sleep(Math.max(lengthMs, 1000))
    const endedAtMs = call.runOn.nowMs()
    return answer(
      withLines(
        resultOf({ startedAtMs, endedAtMs, isTimed, isMinutes: minutes !== undefined, call }),
      ),
    )
  },
}

function number(value: Value | undefined): number {
  return value === undefined ? 0 : Number(value)
}

function resultOf(what: {
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly isTimed: boolean
  readonly isMinutes: boolean
  readonly call: { readonly args: Readonly<Record<string, Value>> }
}): Record<string, Value> {
  const lengthMs = what.endedAtMs - what.startedAtMs
  const shown = what.isMinutes ? Math.round(lengthMs / 600) / 100 : Math.round(lengthMs / 10) / 100
  const unit = what.isMinutes ? 'minutes' : 'seconds'
  return newMap([
    ['changed', false],
    ['rc', 0],
    ['stderr', ''],
    ['stdout', `Paused for ${shown} ${unit}`],
    ['start', localTime(what.startedAtMs)],
    ['stop', localTime(what.endedAtMs)],
    ['delta', Math.floor(lengthMs / 1000)],
    ['echo', what.call.args['echo'] ?? true],
    ['user_input', ''],
  ])
}
