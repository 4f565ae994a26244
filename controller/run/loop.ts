import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { addAll, newMap, type MutableMap, type Value, type ValueMap } from '../../proto/value.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import { textOf, readBool } from '../modules/arguments.ts'
import type { Scope } from '../template/scope.ts'
import { Effects } from './effects.ts'
import { Forks } from './forks.ts'
import { hostLabel } from './host-label.ts'
import { withData } from './locals.ts'
import { firstFalse } from './conditions.ts'
import type { HostOutcome } from './host-outcome.ts'
import { own, ownMap } from './keywords.ts'
import { outcomePlace, recordedOutcome } from './outcome-record.ts'
import { registered, shown, statusOf } from './results.ts'
import { plainName } from '../modules/registry.ts'
import { TemplateError } from '../template/templates.ts'
import { isInclude } from './include-asked.ts'
import { scopeOf, type TaskEnv } from './task-env.ts'

/** What `loop_control` says. */
interface LoopControl {
  readonly loopVar: string
  readonly indexVar: string | undefined
  readonly label: Value
  readonly pauseMs: number
  readonly isExtended: boolean
  /** extended_allitems: `ansible_loop` has all items, too. */
  readonly hasAllItems: boolean
  readonly breakWhen: readonly Value[]
  /** errand_parallel: how many items at a time. */
  readonly parallel: number
}

/** Runs the task with the names of one item. */
type RunOne = (env: TaskEnv, one: { readonly locals: TaskLocals }) => Promise<HostOutcome>

interface Loop {
  readonly items: readonly Value[]
  readonly runOne: RunOne
}

/**
 * Runs a task for one item after the other, or as many at a time as `errand_parallel` says, and tells what each came to in
 * the order of the items.
 */
export async function runItems(env: TaskEnv, loop: Loop): Promise<readonly HostOutcome[]> {
  const control = readControl(env)
  if (control.parallel > 1) return await runTogether(env, loop, control)
  const { world } = env.play.context
  const outcomes: HostOutcome[] = []
  for (const index of loop.items.keys()) {
    if (index > 0 && control.pauseMs > 0) {
      await env.hold.whileWaiting(() =>
        world.clock.sleep(control.pauseMs, { signal: world.signal }),
      )
    }
    const done = await runItem(env, { ...loop, control, index })
    outcomes.push(done.outcome)
    if (await tellItem({ control, ...done })) break
  }
  return outcomes
}

/** Several items at a time, each with a place of its own among the forks; after break_when no more are begun. */
async function runTogether(
  env: TaskEnv,
  loop: Loop,
  control: LoopControl,
): Promise<readonly HostOutcome[]> {
  const places = new Forks(control.parallel)
  const told = loop.items.map(() => Promise.withResolvers<void>())
  let isOver = false
  const runNext = async (index: number): Promise<DoneItem | undefined> => {
    const turn = await places.take()
    const hold = await env.play.context.forks.take()
    try {
      return isOver ? undefined : await runItem({ ...env, hold }, { ...loop, control, index })
    } finally {
      hold.release()
      turn.release()
    }
  }
  const runAndTell = async (index: number): Promise<HostOutcome | undefined> => {
    try {
      const done = await runNext(index)
      await told[index - 1]?.promise
      if (done && (await tellItem({ control, ...done }))) isOver = true
      return done?.outcome
    } catch (error) {
      isOver = true
      throw error
    } finally {
      told[index]?.resolve()
    }
  }
  const settled = await env.hold.whileWaiting(() =>
    Promise.allSettled([...loop.items.keys()].map(runAndTell)),
  )
  return settled.flatMap((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value ?? []
  })
}

interface DoneItem {
  /** Of this item. */
  readonly env: TaskEnv
  readonly outcome: HostOutcome
  readonly locals: TaskLocals
  readonly item: Value
}

async function runItem(
  env: TaskEnv,
  which: Loop & { readonly control: LoopControl; readonly index: number },
): Promise<DoneItem> {
  const { items, index, control, runOne } = which
  const data = itemData(control, items, index)
  const locals = withData(env.locals, data)
  const effects = new Effects(env.play.context)
  const mine = { ...env, position: `${env.position}/i${index}`, effects }
  const outcome = recordedOutcome(mine) ?? (await runOne(mine, { locals }))
  env.effects.take(effects.done)
  addAll(outcome.result, data)
  return { env: mine, outcome, locals, item: items[index] ?? null }
}

/** Says what an item came to; true when it is the last one to run. */
async function tellItem(done: DoneItem & { readonly control: LoopControl }): Promise<boolean> {
  const { env, control, outcome, locals, item } = done
  await announce(env, { outcome, locals, label: control.label, item })
  return isBroken(env, control, { locals, outcome })
}

function readControl(env: TaskEnv): LoopControl {
  const control = ownMap(env.task, 'loop_control')
  const { language } = env.play.context
  const scope = scopeOf(env, env.locals)
  const read = (name: string): Value | undefined => {
    const value = control.get(name)
    return value === undefined || value === null ? undefined : language.render(value, scope)
  }
  const loopVar = read('loop_var')
  const indexVar = read('index_var')
  const breakWhen = control.get('break_when')
  return {
    loopVar: loopVar === undefined ? 'item' : textOf(loopVar),
    indexVar: indexVar === undefined ? undefined : textOf(indexVar),
    label: control.get('label') ?? `{{ ${loopVar === undefined ? 'item' : textOf(loopVar)} }}`,
    pauseMs: Number(textOf(read('pause') ?? 0)) * 1000,
    isExtended: readBool(read('extended') ?? false) ?? false,
    hasAllItems: readBool(read('extended_allitems') ?? true) ?? true,
    parallel: parallelOf(env, scope),
    breakWhen: Array.isArray(breakWhen) ? breakWhen : breakWhen === undefined ? [] : [breakWhen],
  }
}

/** A variable, not a keyword, so that the playbook stays one that Ansible reads. */
function parallelOf(env: TaskEnv, scope: Scope): number {
  const written = env.play.context.language.render(
    '{{ errand_parallel | ansible.builtin.default(1) }}',
    scope,
  )
  const parallel = Number(textOf(written))
  if (Number.isInteger(parallel) && parallel >= 1) return parallel
  throw new ErrandError(
    'invalid',
    `errand_parallel is a whole number above 0, not ${JSON.stringify(textOf(written))}`,
  )
}

function itemData(control: LoopControl, items: readonly Value[], index: number): ValueMap {
  const data: MutableMap = newMap()
  data.set(control.loopVar, items[index] ?? null)
  data.set('ansible_loop_var', control.loopVar)
  if (control.indexVar !== undefined) {
    data.set(control.indexVar, index)
    data.set('ansible_index_var', control.indexVar)
  }
  if (control.isExtended) data.set('ansible_loop', extendedLoop(control, items, index))
  return data
}

function extendedLoop({ hasAllItems }: LoopControl, items: readonly Value[], index: number): Value {
  const loop = newMap([
    ['index', index + 1],
    ['index0', index],
    ['first', index === 0],
    ['last', index + 1 === items.length],
    ['length', items.length],
    ['revindex', items.length - index],
    ['revindex0', items.length - index - 1],
    ...(hasAllItems ? [['allitems', items] as const] : []),
  ])
  const next = items[index + 1]
  const previous = items[index - 1]
  if (next !== undefined) loop.set('nextitem', next)
  if (previous !== undefined) loop.set('previtem', previous)
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
  await env.play.emit(
    env.heading,
    {
      kind: 'item_result',
      taskId: env.task.id,
      module: env.task.module,
      host: hostLabel(env.host.name, outcome.delegate),
      status: statusOf(outcome.result),
      label: outcome.noLog ? null : label,
      ...(outcome.hasDiff ? { showsDiff: true } : {}),
      result: shown(outcome.result, outcome),
    },
    outcomePlace(env, outcome),
  )
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
    const said = error instanceof TemplateError ? error.ansible : sentenceOf(error)
    item.outcome.result.set('failed', true)
    item.outcome.result.set('msg', `Failed to template loop_control.label: ${said}`)
    // debug shows nothing of its result but the message.
    return plainName(env.task.module) === 'debug' ? null : item.item
  }
}

function isBroken(
  env: TaskEnv,
  control: LoopControl,
  after: { readonly locals: TaskLocals; readonly outcome: HostOutcome },
): boolean {
  if (control.breakWhen.length === 0) return false
  const register = own(env.task, 'register')
  const data =
    typeof register === 'string' ? [[register, registered(after.outcome.result)] as const] : []
  const scope = scopeOf(env, withData(after.locals, newMap(data)))
  return firstFalse(env.play.context.language, control.breakWhen, scope) === undefined
}
