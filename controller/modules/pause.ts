import { textOf } from './arguments.ts'
import { newMap, type Value } from '../../proto/value.ts'
import { answer, type ControllerCall, type ControllerModule } from './module.ts'
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
    const written = seconds !== undefined ? number(seconds) * 1000 : number(minutes) * 60_000
    const isTimed = seconds !== undefined || minutes !== undefined
    const lengthMs = isTimed ? Math.max(Math.trunc(written / 1000), 1) * 1000 : 0
    await call.runOn.notice('notice', announcement(call, { lengthMs, prompt }))
    if (!isTimed)
      await call.runOn.notice(
        'warning',
        'Not waiting for response to prompt as stdin is not interactive',
      )
    const startedAtMs = await call.runOn.beganAtMs()
    const leftMs = startedAtMs + lengthMs - call.runOn.nowMs()
    if (leftMs > 0) await call.runOn.sleep(leftMs)
    const endedAtMs = call.runOn.nowMs()
    return answer(
      withLines(
        resultOf({ startedAtMs, endedAtMs, isTimed, isMinutes: minutes !== undefined, call }),
      ),
    )
  },
}

/** What Ansible prints before it waits. */
function announcement(
  { args, runOn }: Pick<ControllerCall, 'args' | 'runOn'>,
  { lengthMs, prompt }: { readonly lengthMs: number; readonly prompt: Value | undefined },
): string {
  const hidden = args['echo'] === false ? ' (output is hidden)' : ''
  const question = `[${runOn.taskName.trim()}]\n${
    prompt === undefined ? 'Press enter to continue, Ctrl+C to interrupt' : textOf(prompt)
  }${hidden}:`
  if (lengthMs === 0) return question
  return [
    `Pausing for ${lengthMs / 1000} seconds${hidden}`,
    "(ctrl+C then 'C' = continue early, ctrl+C then 'A' = abort)\r",
    ...(prompt === undefined ? [] : [question]),
  ].join('\n')
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
