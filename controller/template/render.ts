import type { Value } from '../../proto/value.ts'
import { globals } from './compile/globals.ts'
import { Render, type RenderParts } from './compile/frame.ts'
import { type Datum, Tuple, isDict, isSequence, newDict, tuple } from './python/datum.ts'
import { Undefined } from './scope.ts'
import { TemplateError } from './template-error.ts'

/** Variables that are views on much more than a template needs: they are never copied. */
const NEVER_COPIED = new Set(['hostvars', 'vars', 'groups'])

/**
 * One rendering. Each name is looked up once; where the template changes values in place, it changes copies.
 */
export function makeRender(parts: Omit<RenderParts, 'resolve'>, changesValues: boolean): Render {
  const known = new Map<string, Datum>()
  let own: ReadonlyMap<string, Datum> | undefined
  const resolve = (name: string): Datum => {
    const before = known.get(name)
    if (before !== undefined) return before
    let value = fromScope(name, parts)
    // a variable whose template fails is there: it hides a function of its name
    if (value instanceof Undefined && value.hint === `'${name}' is undefined`) {
      own ??= globals(parts.context)
      value = own.get(name) ?? value
    } else if (changesValues && !NEVER_COPIED.has(name)) value = copied(value)
    known.set(name, value)
    return value
  }
  return new Render({ ...parts, resolve })
}

/** A variable whose own template needs what is undefined is undefined itself, and says why. */
function fromScope(name: string, { context }: Omit<RenderParts, 'resolve'>): Datum {
  try {
    const value: Value | Undefined = context.scope.resolve(name)
    return value
  } catch (error) {
    if (!(error instanceof TemplateError) || error.kind !== 'UndefinedError') throw error
    return new Undefined(`${error.source}: ${error.ansible}`)
  }
}

function copied(value: Datum): Datum {
  if (value instanceof Tuple) return tuple(value.map(copied))
  if (isSequence(value)) return value.map(copied)
  if (!isDict(value)) return value
  return newDict(Array.from(value, ([key, item]) => [key, copied(item)] as const))
}
