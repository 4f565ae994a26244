import type { ValueMap } from '../../proto/value.ts'
import type { GivenArguments } from '../modules/module.ts'
import type { Attempt } from './attempt.ts'
import { taskFiles } from './task-files.ts'

/** An attempt, and the arguments as its module takes them. */
export interface CallParts {
  readonly attempt: Attempt
  readonly args: ValueMap
  readonly given: GivenArguments
}

/** What every module is given. */
export function moduleCall(parts: CallParts) {
  const { attempt, args, given } = parts
  const { env, scope, settings } = attempt
  const { config, language, request, world } = env.play.context
  return {
    module: env.task.module,
    args,
    given: given.map,
    freeForm: given.freeForm,
    host: env.host.name,
    checkMode: settings.checkMode,
    diffMode: settings.diffMode,
    verbosity: request.verbosity,
    isNative: config.jinja2Native,
    nowMs: world.clock.nowMs(),
    baseDir: env.play.play.baseDir,
    files: taskFiles(env.task),
    render: (value: Parameters<typeof language.render>[0]) => language.render(value, scope),
    test: (condition: Parameters<typeof language.test>[0]) => language.test(condition, scope),
    signal: world.signal,
  }
}
