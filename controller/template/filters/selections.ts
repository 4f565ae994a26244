import { attributeReader, chooser, mapper } from '../attributes.ts'
import type { CallContext } from '../call-context.ts'
import { defineRest } from '../define.ts'
import { isTrue } from '../python/compare.ts'
import type { Arguments, Datum } from '../python/datum.ts'
import { iterate } from '../python/iterate.ts'
import { filterError } from '../python/python-error.ts'
import type { Definition, Table } from '../registry.ts'

/** Filters that apply another filter, or a test, to each item. */
export const selectFilters: Table<Datum> = {
  map: defineRest((value, args, context) => iterate(orNothing(value)).map(mapper(args, context)), {
    isLazy: true,
  }),
  select: choosing((args, context) => chooser(args, { context, isTrue })),
  reject: choosing((args, context) => not(chooser(args, { context, isTrue }))),
  selectattr: choosing(attributeChooser),
  rejectattr: choosing((args, context) => not(attributeChooser(args, context))),
}

function choosing(
  make: (args: Arguments, context: CallContext) => (item: Datum) => boolean,
): Definition<Datum> {
  return defineRest(
    (value, args, context) => iterate(orNothing(value)).filter(make(args, context)),
    { isLazy: true },
  )
}

/** Jinja takes what is false for no items at all. */
function orNothing(value: Datum): Datum {
  return isTrue(value) ? value : []
}

function attributeChooser(args: Arguments, context: CallContext): (item: Datum) => boolean {
  const [attribute, ...rest] = args.positional
  if (attribute === undefined) throw filterError('Missing parameter for attribute name')
  const read = attributeReader(attribute)
  const choose = chooser({ positional: rest, named: args.named }, { context, isTrue })
  return (item) => choose(read(item))
}

function not(choose: (item: Datum) => boolean): (item: Datum) => boolean {
  return (item) => !choose(item)
}
