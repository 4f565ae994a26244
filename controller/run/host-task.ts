import { ErrandError } from '../../proto/errors.ts'
import { stringifyJson } from '../../proto/json-text.ts'
import { isList, newMap, type Value } from '../../proto/value.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import type { Scope } from '../template/scope.ts'
import { TemplateError } from '../template/templates.ts'
import { attemptTask } from './attempts.ts'
import { checkpointText } from './checkpoints.ts'
import { firstFalse } from './conditions.ts'
import type { HostOutcome } from './host-outcome.ts'
import { includeOf, isInclude } from './include-asked.ts'
import { accumulated, inherited } from './keywords.ts'
import { runItems } from './loop.ts'
import { loopResult, type Result } from './results.ts'
import { KeywordReader, readSettings } from './settings.ts'
import { recordedOutcome } from './outcome-record.ts'
import { scopeOf, scopeOnHost, type TaskEnv } from './task-env.ts'
import { endsRun, faultResult, HostUnreachable, unreachableResult } from './task-error.ts'

/**
 * Runs a task on one host: each item of its loop, or once. A fault in the task itself, such as a name that is not
 * defined, is the result of the whole task, whatever its items came to. Rejects only when the run is to end.
 */
export async function runOnHost(env: TaskEnv): Promise<HostOutcome> {
  const known = recordedOutcome(env)
  if (known) return known
  const flags: Flags = { noLog: false, ignoreErrors: false, ignoreUnreachable: false }
  try {
    return await runAll(env, flags)
  } catch (error) {
    if (endsRun(error, env.play.context.world.signal)) throw error
    const result = newMap(faultResult(error, env.task))
    return { ...empty(result), ...flags, delegate: delegateName(env) }
  }
}

/** Known of a task before it is sure to run. */
interface Flags {
  noLog: boolean
  ignoreErrors: boolean
  ignoreUnreachable: boolean
}

async function runAll(env: TaskEnv, flags: Flags): Promise<HostOutcome> {
  const scope = scopeOf(env, env.locals)
  let items: readonly Value[] | undefined
  try {
    items = await loopItems(env, scope)
  } catch (error) {
    return await runLoopless(env, { locals: env.locals, loopError: unplaced(error), flags })
  }
  if (items === undefined) return await runLoopless(env, { locals: env.locals, flags })
  if (items.length === 0) return empty(loopResult([]))
  const outcomes = await runItems(env, {
    items,
    runOne: (same, { locals }) => runLoopless(same, { locals, flags }),
  })
  const results = outcomes.map((one) => one.result)
  const failed = outcomes.filter((one) => one.result.get('failed') === true)
  return {
    ...lastOf(outcomes),
    result: loopResult(results),
    noLog: outcomes.some((one) => one.noLog),
    hasItems: true,
    ignoreErrors: failed.length > 0 ? failed.every((one) => one.ignoreErrors) : false,
    notify: [...new Set(outcomes.flatMap((one) => one.notify))],
    includes: outcomes.flatMap((one) => one.includes),
  }
}

function lastOf(outcomes: readonly HostOutcome[]): HostOutcome {
  return outcomes.at(-1) ?? empty(newMap())
}

/** What is wrong with a loop is told without its place, as Ansible does. */
function unplaced(error: unknown): unknown {
  return error instanceof TemplateError
    ? new ErrandError('invalid', error.ansible, { cause: error })
    : error
}

function empty(result: Result): HostOutcome {
  return {
    result,
    noLog: false,
    hasItems: false,
    delegate: undefined,
    hasDiff: false,
    ignoreErrors: false,
    ignoreUnreachable: false,
    notify: [],
    includes: [],
  }
}

/** Kept before the first item begins: who goes on has the same items, also where they come from chance, time or a file. */
async function loopItems(env: TaskEnv, scope: Scope): Promise<readonly Value[] | undefined> {
  const { loop } = env.task
  if (!loop) return undefined
  const { language, checkpoints, emitter } = env.play.context
  const position = `${env.position}/items`
  const known = checkpoints.at(position)
  if (isList(known)) return known
  const items = language.loopItems(env.task, scope)
  const isFixed = loop.kind === 'loop' && !/\{[{%]/u.test(stringifyJson(loop.source))
  if (!isFixed && items.length > 0) await emitter.keep(position, checkpointText(items))
  return items
}

/** One item, or the task without a loop. */
async function runLoopless(
  env: TaskEnv,
  one: { readonly locals: TaskLocals; readonly flags: Flags; readonly loopError?: unknown },
): Promise<HostOutcome> {
  const { locals, loopError, flags } = one
  const { context } = env.play
  const scope = scopeOnHost(env, locals)
  const read = new KeywordReader(context, env.task, scope)
  // What cannot be read counts as said, here; the task fails by it when it is sure to run.
  flags.noLog = quietly(() => read.bool('no_log') ?? false) ?? true
  flags.ignoreErrors = quietly(() => read.bool('ignore_errors') ?? false) ?? true
  flags.ignoreUnreachable = quietly(() => read.bool('ignore_unreachable') ?? false) ?? true
  const refused = firstFalse(context.language, accumulated(env.task, 'when'), scope)
  if (refused !== undefined) return { ...empty(skipped()), ...flags }
  if (loopError !== undefined) throw loopError
  if (isInclude(env.task)) {
    const asked = includeOf(env, scope, { locals, isHidden: flags.noLog })
    return { ...empty(newMap(asked.told)), ...flags, includes: [asked] }
  }
  const settings = readSettings(context, env.task, scope)
  const attempt = { env, scope, locals, settings, noLog: flags.noLog }
  const delegate = settings.delegateTo
  try {
    const { diffMode: hasDiff, notify } = settings
    return { ...empty(await attemptTask(attempt)), ...flags, delegate, hasDiff, notify }
  } catch (error) {
    if (!(error instanceof HostUnreachable)) throw error
    return { ...empty(newMap(unreachableResult(error))), ...flags, delegate }
  }
}

function delegateName(env: TaskEnv): string | undefined {
  const read = new KeywordReader(env.play.context, env.task, scopeOf(env, env.locals))
  try {
    return read.text('delegate_to')
  } catch {
    // What is wrong with it is told when the task reads it in earnest; till then it is called what is written.
    const written = inherited(env.task, 'delegate_to')
    return typeof written === 'string' ? written : undefined
  }
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
