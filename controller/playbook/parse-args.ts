import { stringifyJson } from '../../proto/json-text.ts'
import { without, addAll, isMap, newMap } from '../../proto/value.ts'
import type { MutableMap, Value, ValueMap } from '../../proto/value.ts'
import { isFreeForm, takesRawWords } from './module-names.ts'
import type { TaskArgs } from './playbook.ts'
import { parseKeyValues, splitArgs } from './split-args.ts'

/** A module and its arguments, as a task names them. */
export interface Action {
  readonly module: string
  readonly args: TaskArgs
}

const freeFormKey = '_raw_params'

/**
 * Arguments written as `module: thing`. `extra` is the value of the task's `args`, which yields to `thing`.
 *
 * @throws {SyntaxError} with the sentence for the user.
 */
export function parseModuleArgs(module: string, thing: Value, extra: Value | undefined): Action {
  return finish(module, argsOf(module, thing), extra)
}

/**
 * Arguments written as `action: module k=v` or `action: {module: name, …}`.
 *
 * @throws {SyntaxError} with the sentence for the user.
 */
export function parseAction(thing: Value, extra: Value | undefined): Action {
  if (typeof thing === 'string') {
    const [module, rest] = firstWord(thing)
    return finish(module, keyValues(rest, module), extra)
  }
  const named = isMap(thing) ? thing.get('module') : undefined
  if (!isMap(thing) || typeof named !== 'string') {
    throw new SyntaxError('an action is text or a mapping with the key "module"')
  }
  const [module, rest] = firstWord(named)
  const map = without(thing, ['module', 'args'])
  const inner = thing.get('args')
  const more =
    typeof inner === 'string' ? keyValues(inner, module) : isMap(inner) ? inner : newMap()
  return finish(module, newMap([...map, ...keyValues(rest, module), ...more]), extra)
}

function firstWord(text: string): [string, string] {
  const [word = '', ...rest] = splitArgs(text)
  return [word.trim(), rest.join(' ')]
}

function argsOf(module: string, thing: Value): ValueMap {
  if (thing === null) return newMap()
  if (typeof thing === 'string') return keyValues(thing, module)
  if (isMap(thing)) return thing
  throw new SyntaxError(`the arguments of ${module} are text or a mapping, got ${describe(thing)}`)
}

function keyValues(text: string, module: string): MutableMap {
  const { map, raw } = parseKeyValues(text, isFreeForm(module))
  if (raw !== undefined) map.set(freeFormKey, raw)
  return map
}

function finish(module: string, own: ValueMap, extra: Value | undefined): Action {
  if (module === '') throw new SyntaxError('no module/action detected in task')
  const map = newMap()
  let splat: string | undefined
  if (typeof extra === 'string') splat = templateOrThrow(extra)
  else if (isMap(extra)) addAll(map, extra)
  else if (extra !== undefined && extra !== null) {
    throw new SyntaxError('args is a mapping, or a template that yields one')
  }
  addAll(map, own)
  const raw = map.get(freeFormKey)
  map.delete(freeFormKey)
  if (raw === undefined) return { module, args: { freeForm: undefined, map, splat } }
  if (takesRawWords(module)) return { module, args: { freeForm: textOf(raw), map, splat } }
  if (typeof raw === 'string' && isTemplateText(raw)) {
    return { module, args: { freeForm: undefined, map, splat: raw } }
  }
  throw new SyntaxError(
    `the module ${module} takes key=value or a mapping, and cannot do anything with: ${textOf(raw)}`,
  )
}

function templateOrThrow(text: string): string {
  if (isTemplateText(text)) return text
  throw new SyntaxError(`args is a mapping or a template that yields one, got the text: ${text}`)
}

/** Whether text has the marks of a template. */
function isTemplateText(text: string): boolean {
  return /\{[{%#]/u.test(text)
}

function textOf(value: Value): string {
  return typeof value === 'string' ? value : stringifyJson(value)
}

function describe(value: Value): string {
  return Array.isArray(value) ? 'a list' : stringifyJson(value)
}
