import {
  isList,
  isMap,
  newMap,
  type MutableMap,
  type Value,
  type ValueMap,
} from '../../proto/value.ts'
import type { ResultStatus } from '../../proto/run.ts'

/** A result of Ansible's shape that may still be added to. */
export type Result = MutableMap

/** Copies a module's answer and gives it what every result has: `failed` and `changed`. */
export function completed(answer: ValueMap): Result {
  const result = newMap(answer)
  if (!result.has('failed')) result.set('failed', result.has('rc') && !isZero(result.get('rc')))
  if (!result.has('changed')) result.set('changed', false)
  return result
}

function isZero(rc: Value | undefined): boolean {
  return rc === 0 || rc === '0' || rc === null
}

/** Whether a field says yes, as Python would read it. */
export function flag(result: ValueMap, name: string): boolean {
  const value = result.get(name)
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== ''
}

/** What a result counts as. */
export function statusOf(result: ValueMap): ResultStatus {
  if (flag(result, 'unreachable')) return 'unreachable'
  if (isFailed(result)) return 'failed'
  if (isSkipped(result)) return 'skipped'
  return flag(result, 'changed') ? 'changed' : 'ok'
}

/** What failed_when said counts, also where the task ran out of retries. */
function isFailed(result: ValueMap): boolean {
  if (result.has('failed_when_result')) return flag(result, 'failed_when_result')
  const items = itemsOf(result)
  if (items.some((item) => item.has('failed_when_result'))) {
    return items.some((item) => flag(item, 'failed_when_result'))
  }
  return flag(result, 'failed')
}

function isSkipped(result: ValueMap): boolean {
  const items = itemsOf(result)
  if (items.length > 0) return items.every((item) => flag(item, 'skipped'))
  return flag(result, 'skipped')
}

function itemsOf(result: ValueMap): readonly ValueMap[] {
  const results = result.get('results')
  return isList(results) ? results.filter(isMap) : []
}

/**
 * A result as playbooks see it in the registered variable: without our own `_ansible_` fields, at every depth, and
 * without how the module was called, except for the items of a loop.
 */
export function registered(result: ValueMap): ValueMap {
  const kept = withoutOwnFields(result)
  kept.delete('invocation')
  return kept
}

function withoutOwnFields(result: ValueMap): MutableMap {
  const kept = newMap()
  for (const [key, value] of result) {
    if (typeof key === 'string' && key.startsWith('_ansible_')) continue
    if (key === 'results' && isList(value))
      kept.set(
        key,
        value.map((item) => (isMap(item) ? withoutOwnFields(item) : item)),
      )
    else kept.set(key, value)
  }
  return kept
}

const censored =
  "the output has been hidden due to the fact that 'no_log: true' was specified for this result"

/** A result as it may be shown and recorded. */
export function shown(result: ValueMap, { noLog }: { readonly noLog: boolean }): ValueMap {
  if (!noLog) {
    const kept = withoutOwnFields(result)
    if (flag(result, '_ansible_verbose_always')) kept.set('_ansible_verbose_always', true)
    return kept
  }
  const kept = newMap([['censored', censored]])
  for (const name of ['attempts', 'changed', 'retries']) {
    const value = result.get(name)
    if (value !== undefined) kept.set(name, value)
  }
  return kept
}

/** The result of a loop out of those of its items. */
export function loopResult(items: readonly Result[]): Result {
  if (items.length === 0) {
    return newMap([
      ['changed', false],
      ['skipped', true],
      ['skipped_reason', 'No items in the list'],
      ['results', []],
    ])
  }
  const isSkipped = items.every((item) => flag(item, 'skipped'))
  const hasFailed = items.some((item) => flag(item, 'failed'))
  const whole = newMap([
    ['results', items.map(withoutNotes)],
    ['skipped', isSkipped],
  ])
  if (items.some((item) => flag(item, 'changed'))) whole.set('changed', true)
  if (hasFailed) whole.set('failed', true)
  if (items.some((item) => flag(item, 'unreachable'))) whole.set('unreachable', true)
  whole.set('msg', hasFailed ? 'One or more items failed' : 'All items completed')
  if (isSkipped) whole.set('msg', 'All items skipped')
  for (const notes of ['warnings', 'deprecations']) {
    const all = items.flatMap((item) => notesOf(item.get(notes)))
    if (all.length > 0) whole.set(notes, all)
  }
  if (!whole.has('changed')) whole.set('changed', false)
  return whole
}

function notesOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return []
  return isList(value) ? value : [value]
}

function withoutNotes(item: Result): Result {
  const kept = newMap(item)
  kept.delete('warnings')
  kept.delete('deprecations')
  return kept
}
