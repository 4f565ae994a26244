import { ErrandError } from '../../proto/errors.ts'
import { newMap, isList, isMap } from '../../proto/value.ts'
import type { Value } from '../../proto/value.ts'
import type { Task } from '../playbook/playbook.ts'
import type { LookupPort, Scope } from '../template/scope.ts'
import { pythonClass } from '../template/python/python-class.ts'
import { toText } from '../template/templates.ts'
import { TemplateError } from '../template/templates.ts'
import type { Templates } from '../template/templates.ts'
import { foundFolder } from './lookups/first-found.ts'

/**
 * The items of a task's `loop` or `with_NAME`; undefined when it has neither.
 *
 * @throws {ErrandError} `invalid` when the source is no list, or the lookup fails.
 */
export function expandLoop(task: Task, options: LoopOptions): readonly Value[] | undefined {
  try {
    return itemsOf(task, options)
  } catch (error) {
    if (!(error instanceof TemplateError) || !isPythonAlone(error.kind)) throw error
    const words = `Unexpected failure during module execution: ${error.ansible}`
    const { source } = error
    throw new TemplateError('AnsibleError', {
      message: words,
      ansible: words,
      source,
      cause: error,
    })
  }
}

interface LoopOptions {
  readonly scope: Scope
  readonly templates: Templates
  readonly lookups: LookupPort
}

/** Whether Ansible has no words of its own for an error. */
function isPythonAlone(kind: TemplateError['kind']): boolean {
  return kind !== 'LimitError' && !pythonClass(kind).startsWith('ansible.')
}

function itemsOf(task: Task, options: LoopOptions): readonly Value[] | undefined {
  const { loop } = task
  if (!loop) return undefined
  const { scope, templates, lookups } = options
  if (loop.kind === 'with' && loop.lookup !== undefined) {
    const terms = withTerms(loop.lookup, loop.source, options)
    const own = newMap()
    if (loop.lookup === 'first_found') own.set(foundFolder, folderOf(task))
    return lookups.lookup(loop.lookup, terms, own, scope)
  }
  const items = templates.render(loop.source, scope)
  if (isList(items)) return items
  throw new ErrandError(
    'invalid',
    `Invalid data passed to 'loop', it requires a list, got this instead: ${toText(items)}. ` +
      'Hint: If you passed a list/dict of just one element, try adding wantlist=True to your lookup invocation or use q/query instead of lookup.',
  )
}

/** Where the files of a loop are searched: the module's name tells. */
function folderOf(task: Task): string {
  if (task.module.includes('template')) return 'templates'
  return task.module.includes('var') ? 'vars' : 'files'
}

function withTerms(
  lookup: string,
  source: Value,
  options: { readonly scope: Scope; readonly templates: Templates },
): readonly Value[] {
  const { scope, templates } = options
  if (lookup === 'first_found') return foundTerms(source, options)
  const value = templates.render(source, scope)
  return isList(value) || lookup === 'dict' ? listed(value) : iterated(value)
}

function listed(value: Value): readonly Value[] {
  return isList(value) ? value : [value]
}

/** Of a map Ansible takes the keys: Python iterates it. */
function iterated(value: Value): readonly Value[] {
  return isMap(value) ? [...value.keys()] : [value]
}

/** A term of first_found that needs what is not there is passed over: the next one is tried. */
function foundTerms(
  source: Value,
  options: { readonly scope: Scope; readonly templates: Templates },
): readonly Value[] {
  const { scope, templates } = options
  const written = isList(source) ? source : iterated(source)
  return written.flatMap((term) => {
    try {
      const value = templates.render(term, scope)
      if (isList(value)) return value
      return isList(source) ? [value] : iterated(value)
    } catch (error) {
      if (error instanceof TemplateError && error.kind === 'UndefinedError') return []
      throw error
    }
  })
}
