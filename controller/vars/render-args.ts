import { ErrandError } from '../../proto/errors.ts'
import { isMap, newMap } from '../../proto/value.ts'
import type { ValueMap } from '../../proto/value.ts'
import { canonicalModule } from '../playbook/module-names.ts'
import type { Task } from '../playbook/playbook.ts'
import type { Scope } from '../template/scope.ts'
import { dropOmitted, toText } from '../template/templates.ts'
import type { Templates } from '../template/templates.ts'

/** A task's arguments, rendered for one host and item. */
export interface RenderedArgs {
  readonly freeForm: string | undefined
  readonly map: ValueMap
}

/**
 * Renders a task's arguments. What was given `omit` is left out, wherever it stands.
 *
 * @throws {ErrandError} `invalid` when a template fails, or `args` does not yield a map.
 */
export function renderArgs(
  task: Task,
  options: { readonly scope: Scope; readonly templates: Templates },
): RenderedArgs {
  const { scope, templates } = options
  const { freeForm, map, splat } = task.args
  const hasTemplatedKeys = canonicalModule(task.module) === 'set_fact'
  const own = templates.render(map, scope, { hasTemplatedKeys })
  const below = splat === undefined ? newMap() : splatMap(splat, options)
  const all = newMap([...below, ...(isMap(own) ? own : [])])
  const kept = dropOmitted(all)
  return {
    freeForm: freeForm === undefined ? undefined : toText(templates.render(freeForm, scope)),
    map: isMap(kept) ? kept : newMap(),
  }
}

function splatMap(
  splat: string,
  { scope, templates }: { readonly scope: Scope; readonly templates: Templates },
): ValueMap {
  const value = templates.render(splat, scope)
  if (isMap(value)) return value
  throw new ErrandError('invalid', `the arguments ${splat} must be a mapping, got ${toText(value)}`)
}
