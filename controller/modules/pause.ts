import { textOf } from './arguments.ts'
import { newMap, type Value, type MutableMap, type ValueMap } from '../../proto/value.ts'
import { answer, failure, type ControllerCall, type ControllerModule } from './module.ts'
import { localTime } from './times.ts'

/**
 * Waits: for its length, or for a line of the user where there is one; else it goes on at once. Who watches at a terminal can
 * cut a length short.
 */
export const pause: ControllerModule = {
  kind: 'controller',
  name: 'pause',
  isFreeForm: false,
  isOncePerPlay: true,
  options: {
    seconds: { type: 'int' },
    minutes: { type: 'int' },
    prompt: { type: 'str' },
    echo: { type: 'bool', default: true },
  },
  run: async (call) => {
    const seconds = call.args.get('seconds')
    const minutes = call.args.get('minutes')
    const prompt = call.args.get('prompt')
    if (seconds !== undefined && minutes !== undefined) {
      return failure('parameters are mutually exclusive: minutes|seconds', { changed: false })
    }
    const written = seconds !== undefined ? number(seconds) * 1000 : number(minutes) * 60_000
    const isTimed = seconds !== undefined || minutes !== undefined
    const lengthMs = isTimed ? Math.max(Math.trunc(written / 1000), 1) * 1000 : 0
    const text = announcement(call, { lengthMs, prompt })
    const startedAtMs = await call.runOn.beganAtMs()
    const untilMs = startedAtMs + lengthMs
    const input = await (call.runOn.canAsk
      ? call.runOn.ask(`${text}\n`, {
          isHidden: call.args.get('echo') === false,
          ...(isTimed ? { untilMs } : {}),
        })
      : waitAlone(call, { text, isTimed, untilMs }))
    const endedAtMs = call.runOn.nowMs()
    return answer(
      resultOf({ startedAtMs, endedAtMs, isMinutes: seconds === undefined, call, input }),
    )
  },
}

async function waitAlone(
  { runOn }: ControllerCall,
  pause: { readonly text: string; readonly isTimed: boolean; readonly untilMs: number },
): Promise<undefined> {
  await runOn.notice('notice', pause.text)
  const leftMs = pause.untilMs - runOn.nowMs()
  if (pause.isTimed && leftMs > 0) await runOn.sleep(leftMs)
  if (pause.isTimed) return
  const warning = 'Not waiting for response to prompt as stdin is not interactive'
  await runOn.notice('warning', warning)
}

/** What Ansible prints before it waits. */
function announcement(
  { args, runOn }: Pick<ControllerCall, 'args' | 'runOn'>,
  { lengthMs, prompt }: { readonly lengthMs: number; readonly prompt: Value | undefined },
): string {
  const hidden = args.get('echo') === false ? ' (output is hidden)' : ''
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
  readonly isMinutes: boolean
  readonly input: string | undefined
  readonly call: { readonly args: ValueMap }
}): MutableMap {
  const lengthMs = what.endedAtMs - what.startedAtMs
  const shown = what.isMinutes ? Math.round(lengthMs / 600) / 100 : Math.round(lengthMs / 10) / 100
  const unit = what.isMinutes ? 'minutes' : 'seconds'
  return newMap([
    ['changed', false],
    ['rc', 0],
    ['stderr', ''],
    ['stdout', `Paused for ${Number.isInteger(shown) ? shown.toFixed(1) : shown} ${unit}`],
    ['start', localTime(what.startedAtMs)],
    ['stop', localTime(what.endedAtMs)],
    ['delta', Math.floor(lengthMs / 1000)],
    ['echo', what.call.args.get('echo') ?? true],
    ['user_input', what.input ?? ''],
  ])
}
