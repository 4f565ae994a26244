import { sentenceOf } from '../../proto/errors.ts'
import { newMap, type MutableMap, type Value } from '../../proto/value.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import { textOf, readBool } from '../modules/arguments.ts'
import { hostLabel } from './host-label.ts'
import { withData } from './locals.ts'
import { firstFalse } from './conditions.ts'
import type { HostOutcome } from './host-outcome.ts'
import { own, ownMap } from './keywords.ts'
import { registered, shown, statusOf } from './results.ts'
import { isInclude } from './include-asked.ts'
import { scopeOf, type TaskEnv } from './task-env.ts'

/** What `loop_control` says. */
interface LoopControl {
  readonly loopVar: string
  readonly indexVar: string | undefined
  readonly label: Value
  readonly pauseMs: number
  readonly isExtended: boolean
  readonly breakWhen: readonly Value[]
}

/** Runs the task with the names of one item. */
type RunOne = (env: TaskEnv, one: { readonly locals: TaskLocals }) => Promise<HostOutcome>

/** Runs a task for one item after the other, and says what each came to. */
export async function runItems(
  env: TaskEnv,
  loop: { readonly items: readonly Value[]; readonly runOne: RunOne },
): Promise<readonly HostOutcome[]> {
  const { items, runOne } = loop
  const control = readControl(env)
  const { world } = env.play.context
  const outcomes: HostOutcome[] = []
  for (const [index, item] of items.entries()) {
    if (index > 0 && control.pauseMs > 0) {
      await env.hold.whileWaiting(() =>
        world.clock.sleep(control.pauseMs, { signal: world.signal }),
      )
    }
    const data = itemData(control, items, index)
    const locals = withData(env.locals, data)
    const outcome = await runOne(env, { locals })
    Object.assign(outcome.result, data)
    outcomes.push(outcome)
    await announce(env, { outcome, locals, label: control.label, item })
    if (isBroken(env, control, { locals, outcome })) break
  }
  return outcomes
}

function readControl(env: TaskEnv): LoopControl {
  const control = ownMap(env.task, 'loop_control')
  const { language } = env.play.context
  const scope = scopeOf(env, env.locals)
  const read = (name: string): Value | undefined => {
    const value = control[name]
    return value === undefined || value === null ? undefined : language.render(value, scope)
  }
  const loopVar = read('loop_var')
  const indexVar = read('index_var')
  const breakWhen = control['break_when']
  return {
    loopVar: loopVar === undefined ? 'item' : textOf(loopVar),
    indexVar: indexVar === undefined ? undefined : textOf(indexVar),
    label: control['label'] ?? `{{ ${loopVar === undefined ? 'item' : textOf(loopVar)} }}`,
    pauseMs: Number(textOf(read('pause') ?? 0)) * 1000,
    isExtended: readBool(read('extended') ?? false) ?? false,
    breakWhen: Array.isArray(breakWhen) ? breakWhen : breakWhen === undefined ? [] : [breakWhen],
  }
}

function itemData(
  control: LoopControl,
  items: readonly Value[],
  index: number,
): Readonly<Record<string, Value>> {
  const data: MutableMap = newMap()
  data['ansible_loop_var'] = control.loopVar
  data[control.loopVar] = items[index] ?? null
  if (control.indexVar !== undefined) {
    data['ansible_index_var'] = control.indexVar
    data[control.indexVar] = index
  }
  if (control.isExtended) data['ansible_loop'] = extendedLoop(items, index)
  return data
}

function extendedLoop(items: readonly Value[], index: number): Value {
  const loop = newMap([
    ['index', index + 1],
    ['index0', index],
    ['first', index === 0],
    ['last', index + 1 === items.length],
    ['length', items.length],
    ['revindex', items.length - index],
    ['revindex0', items.length - index - 1],
    ['allitems', items],
  ])
  const next = items[index + 1]
  const previous = items[index - 1]
  if (next !== undefined) loop['nextitem'] = next
  if (previous !== undefined) loop['previtem'] = previous
  return loop
}

async function announce(
  env: TaskEnv,
  shownItem: {
    readonly outcome: HostOutcome
    readonly locals: TaskLocals
    readonly label: Value
    readonly item: Value
  },
): Promise<void> {
  const { outcome } = shownItem
  if (isInclude(env.task) && statusOf(outcome.result) === 'ok') return
  const label = labelOf(env, shownItem)
  await env.play.emit(env.heading, {
    kind: 'item_result',
    taskId: env.task.id,
    module: env.task.module,
    host: hostLabel(env.host.name, outcome.delegate),
    status: statusOf(outcome.result),
    label: outcome.noLog ? null : label,
    result: shown(outcome.result, { noLog: outcome.noLog, hasDiff: outcome.hasDiff }),
  })
}

function labelOf(
  env: TaskEnv,
  item: {
    readonly outcome: HostOutcome
    readonly locals: TaskLocals
    readonly label: Value
    readonly item: Value
  },
): Value {
  try {
    return env.play.context.language.render(item.label, scopeOf(env, item.locals))
  } catch (error) {
    item.outcome.result['failed'] = true
    item.outcome.result['msg'] = `Failed to template loop_control.label: ${sentenceOf(error)}`
    return item.item
  }
}

function isBroken(
  env: TaskEnv,
  control: LoopControl,
  after: { readonly locals: TaskLocals; readonly outcome: HostOutcome },
): boolean {
  if (control.breakWhen.length === 0) return false
  const register = own(env.task, 'register')
  const data = typeof register === 'string' ? { [register]: registered(after.outcome.result) } : {}
  const scope = scopeOf(env, withData(after.locals, data))
  return firstFalse(env.play.context.language, control.breakWhen, scope) === undefined
}
