import { ErrandError } from '../../proto/errors.ts'
import type { Ask, ControllerCall, RunPort } from '../modules/module.ts'
import { Undefined } from '../template/scope.ts'
import { askUser } from './ask-user.ts'
import { asyncCleanup, asyncStatus } from './async.ts'
import { checkpointText } from './checkpoints.ts'
import { plainTaskName } from './heading.ts'
import { moduleCall, type CallParts } from './module-call.ts'
import { runsOn, type Attempt } from './attempt.ts'
import { runToEnd } from './job.ts'
import { reach } from './reach.ts'

/** What one of the controller's own modules is given. */
export function controllerCall(parts: CallParts): ControllerCall {
  const { attempt } = parts
  return { ...moduleCall(parts), rawArgs: attempt.env.task.args.map, runOn: runPort(attempt) }
}

function runPort(attempt: Attempt): RunPort {
  const { env } = attempt
  const { effects } = env
  const { context } = env.play
  const { world, language } = context
  return {
    taskName: plainTaskName(env.heading, env.task),
    addHost: (name, groups, vars) => effects.add({ kind: 'add_host', name, groups, vars }),
    addToGroup: (group, parents) =>
      effects.add({ kind: 'add_to_group', host: env.host.name, group, parents }),
    setStats: (data, { isPerHost, isAdding }) => {
      const host = isPerHost ? env.host.name : '_run'
      effects.add({ kind: 'set_stats', data, host, isAdding })
    },
    includeVars: (vars) => {
      effects.add({ kind: 'include_vars', host: env.host.name, vars })
    },
    readVars: (path) => language.loadVars(path),
    known: (name) => {
      const value = attempt.scope.resolve(name)
      return value instanceof Undefined ? undefined : value
    },
    asyncStatus: (jobId) => asyncStatus(attempt, jobId),
    asyncCleanup: (jobId) => asyncCleanup(attempt, jobId),
    command: async (work) => {
      const ask: Ask = { kind: 'ask', work, reading: { kind: 'nothing' } }
      const choice = { isAsync: false, timeLimitMs: 0, isStep: true }
      return runToEnd(attempt, await reach(attempt), { ask, choice })
    },
    reconnect: () => {
      context.fleet.reset(runsOn(attempt))
    },
    beganAtMs: () => beganAtMs(attempt),
    sleep: (ms) => env.hold.whileWaiting(() => world.clock.sleep(ms, { signal: world.signal })),
    canAsk: context.request.canAsk === true,
    ask: async (text, { isHidden, untilMs }) => {
      const question = { questionId: `${attempt.position}/question`, about: 'pause', text } as const
      const answer = await env.hold.whileWaiting(() =>
        askUser(context, {
          ...question,
          ...(isHidden ? { isHidden } : {}),
          ...(untilMs === undefined ? {} : { untilMs }),
        }),
      )
      if (answer.isAbort) throw new ErrandError('invalid', 'user requested abort!')
      return answer.text
    },
    nowMs: () => world.clock.nowMs(),
    notice: (level, text) =>
      context.emitter.emitAt(
        { kind: 'message', level, text },
        { position: context.checkpoints.visit(`notice:${attempt.position}`) },
      ),
  }
}

async function beganAtMs({ env, position: attempt }: Attempt): Promise<number> {
  const { checkpoints, emitter, world } = env.play.context
  const position = `${attempt}/began`
  const known = checkpoints.at(position)
  if (typeof known === 'number') return known
  const nowMs = Math.round(world.clock.nowMs())
  await emitter.keep(position, checkpointText(nowMs))
  return nowMs
}
