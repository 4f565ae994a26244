import { newMap, type Value } from '../../proto/value.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import type { Scope } from '../template/scope.ts'
import { attemptTask } from './attempts.ts'
import { firstFalse } from './conditions.ts'
import type { HostOutcome } from './host-outcome.ts'
import { includeOf, isInclude } from './include-asked.ts'
import { accumulated, inherited } from './keywords.ts'
import { runItems } from './loop.ts'
import { completed, loopResult, type Result } from './results.ts'
import { KeywordReader, readSettings } from './settings.ts'
import { scopeOf, type TaskEnv } from './task-env.ts'
import { errorResult } from './task-error.ts'

/** Runs a task on one host: each item of its loop, or once. Rejects only when the run is to end. */
export async function runOnHost(env: TaskEnv): Promise<HostOutcome> {
  const scope = scopeOf(env, env.locals)
  let items: readonly Value[] | undefined
  try {
    items = loopItems(env, scope)
  } catch (error) {
    return await runLoopless(env, { locals: env.locals, loopError: error })
  }
  if (items === undefined) return await runLoopless(env, { locals: env.locals })
  if (items.length === 0) return empty(loopResult([]))
  const outcomes = await runItems(env, { items, runOne: runLoopless })
  const results = outcomes.map((one) => one.result)
  const failed = outcomes.filter((one) => one.result['failed'] === true)
  return {
    ...lastOf(outcomes),
    result: loopResult(results),
    noLog: outcomes.some((one) => one.noLog),
    hasItems: true,
    ignoreErrors: failed.length > 0 ? failed.every((one) => one.ignoreErrors) : false,
    includes: outcomes.flatMap((one) => one.includes),
  }
}

function lastOf(outcomes: readonly HostOutcome[]): HostOutcome {
  return outcomes.at(-1) ?? empty(newMap())
}

function empty(result: Result): HostOutcome {
  return {
    result,
    noLog: false,
    hasItems: false,
    delegate: undefined,
    ignoreErrors: false,
    ignoreUnreachable: false,
    includes: [],
  }
}

function loopItems(env: TaskEnv, scope: Scope): readonly Value[] | undefined {
  if (!env.task.loop) return undefined
  return env.play.context.language.loopItems(env.task, scope)
}

/** One item, or the task without a loop. */
async function runLoopless(
  env: TaskEnv,
  one: { readonly locals: TaskLocals; readonly loopError?: unknown },
): Promise<HostOutcome> {
  const { locals, loopError } = one
  const scope = scopeOf(env, locals)
  const read = new KeywordReader(env.play.context, env.task, scope)
  const flags = { noLog: false, ignoreErrors: false, ignoreUnreachable: false }
  const rest = { hasItems: false, delegate: undefined, includes: [] }
  try {
    flags.noLog = quietly(() => read.bool('no_log')) ?? inherited(env.task, 'no_log') !== undefined
    const refused = firstFalse(env.play.context.language, accumulated(env.task, 'when'), scope)
    if (refused !== undefined) return { ...rest, ...flags, result: skipped() }
    if (loopError !== undefined) throw loopError
    flags.noLog = read.bool('no_log') ?? false
    flags.ignoreErrors = read.bool('ignore_errors') ?? false
    flags.ignoreUnreachable = read.bool('ignore_unreachable') ?? false
    if (isInclude(env.task)) {
      const include = includeOf(env, scope, locals)
      return { ...rest, ...flags, result: completed({}), includes: [include] }
    }
    const settings = readSettings(env.play.context, env.task, scope)
    const result = await attemptTask({ env, scope, locals, settings, noLog: flags.noLog })
    return { ...rest, ...flags, result, delegate: settings.delegateTo }
  } catch (error) {
    const result = completed(errorResult(error, env.task, env.play.context.world.signal))
    return { ...rest, ...flags, result, delegate: delegateName(read) }
  }
}

function delegateName(read: KeywordReader): string | undefined {
  return quietly(() => read.text('delegate_to'))
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined // what is wrong with it is told when the task reads it in earnest
  }
}

function skipped(): Result {
  return newMap([
    ['changed', false],
    ['skipped', true],
    ['skip_reason', 'Conditional result was False'],
  ])
}
