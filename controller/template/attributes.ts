import type { CallContext } from './call-context.ts'
import { getItem } from './python/access.ts'
import { type Arguments, type Datum, tuple } from './python/datum.ts'
import { filterError } from './python/python-error.ts'
import { toText } from './python/text.ts'
import { Undefined } from './scope.ts'

/** Jinja's dotted attribute: `a.b.0` reads key by key; a list of them, by commas, reads several. */
export function attributeReader(
  attribute: Datum,
  options: {
    readonly otherwise?: Datum | undefined
    readonly change?: (value: Datum) => Datum
  } = {},
): (item: Datum) => Datum {
  const { otherwise, change = (value: Datum) => value } = options
  const steps =
    attribute === null ? [] : typeof attribute === 'string' ? pathOf(attribute) : [attribute]
  return (item) => {
    let value = item
    for (const step of steps) {
      value = getItem(value, step)
      if (value instanceof Undefined && otherwise !== undefined) value = otherwise
    }
    return change(value)
  }
}

function pathOf(attribute: string): readonly Datum[] {
  return attribute.split('.').map((step) => (/^\d+$/u.test(step) ? Number(step) : step))
}

/** The same for `sort`, which takes several attributes by commas. */
export function multiReader(
  attribute: Datum,
  change: (value: Datum) => Datum,
): (item: Datum) => Datum {
  const parts = typeof attribute === 'string' ? attribute.split(',') : [attribute]
  const readers = parts.map((part) => attributeReader(part, { change }))
  return (item) => tuple(readers.map((read) => read(item)))
}

/** Lower case for texts, where capitals do not count. */
export function ignoreCase(value: Datum): Datum {
  return typeof value === 'string' ? value.toLowerCase() : value
}

/** What `map` does to each item: reads an attribute, or applies a filter. */
export function mapper(
  { positional, named }: Arguments,
  context: CallContext,
): (item: Datum) => Datum {
  const attribute = named.get('attribute')
  if (positional.length === 0 && attribute !== undefined) {
    for (const key of named.keys()) {
      if (key !== 'attribute' && key !== 'default')
        throw filterError(`Unexpected keyword argument '${key}'`)
    }
    return attributeReader(attribute, { otherwise: named.get('default') })
  }
  const [name, ...rest] = positional
  if (name === undefined) throw filterError('map requires a filter argument')
  const filterName = toText(name)
  context.world.registry.filter(filterName)
  return (item) => context.filter(filterName, item, { positional: rest, named })
}

/** What `select` and its like ask of each item: a test, or its truth. */
export function chooser(
  { positional, named }: Arguments,
  {
    context,
    isTrue,
  }: { readonly context: CallContext; readonly isTrue: (value: Datum) => boolean },
): (item: Datum) => boolean {
  const [name, ...rest] = positional
  if (name === undefined) return isTrue
  const testName = toText(name)
  context.world.registry.test(testName)
  return (item) => context.test(testName, item, { positional: rest, named })
}
