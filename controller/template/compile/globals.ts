import type { CallContext } from '../call-context.ts'
import { omitToken } from '../omit.ts'
import { type Arguments, type Datum, HostFunction, newDict } from '../python/datum.ts'
import { localTime, utcTime } from '../python/datetime.ts'
import { pairsOf } from '../python/dict-methods.ts'
import { Cycler, Joiner, Namespace, Range } from '../python/host-objects.ts'
import { isTrue } from '../python/compare.ts'
import { isInteger } from '../python/number.ts'
import { typeError } from '../python/python-error.ts'
import { strftime } from '../python/strftime.ts'
import { toText, undefinedError } from '../python/text.ts'
import { typeName } from '../python/types.ts'
import { Undefined } from '../scope.ts'
import { lookup, query } from './lookups.ts'

/** The names that every template has beside its variables. */
export function globals(context: CallContext): ReadonlyMap<string, Datum> {
  const functions: Readonly<Record<string, (args: Arguments) => Datum>> = {
    range: makeRange,
    dict: makeDict,
    namespace: makeNamespace,
    cycler: ({ positional }) => new Cycler(positional),
    joiner: ({ positional: [separator = ', '] }) => new Joiner(separator),
    lipsum: () => '',
    lookup: (args) => lookup(args, context),
    query: (args) => query(args, context),
    q: (args) => query(args, context),
    now: (args) => now(args, context),
    undef: ({ positional, named }) => undef(positional[0] ?? named.get('hint') ?? null),
  }
  const known = new Map<string, Datum>([['omit', omitToken]])
  for (const [name, run] of Object.entries(functions))
    known.set(name, new HostFunction(name, run, typeOf(name)))
  return known
}

function makeRange({ positional }: Arguments): Datum {
  const numbers = positional.map((value) => {
    if (value instanceof Undefined) throw undefinedError(value)
    if (isInteger(value)) return Number(value)
    throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`)
  })
  const [first, second, step = 1] = numbers
  if (first === undefined) throw typeError('range expected at least 1 argument, got 0')
  if (numbers.length > 3)
    throw typeError(`range expected at most 3 arguments, got ${numbers.length}`)
  return second === undefined ? new Range(0, first, 1) : new Range(first, second, step)
}

function makeDict({ positional: [source], named }: Arguments): Datum {
  return newDict([...(source === undefined ? [] : pairsOf(source)), ...named])
}

function makeNamespace({ positional: [source], named }: Arguments): Datum {
  const made = new Namespace()
  for (const [key, value] of source === undefined ? [] : pairsOf(source))
    made.assign(toText(key), value)
  for (const [key, value] of named) made.assign(key, value)
  return made
}

function now({ positional, named }: Arguments, context: CallContext): Datum {
  const isUtc = isTrue(positional[0] ?? named.get('utc') ?? false)
  const format = positional[1] ?? named.get('fmt') ?? ''
  const ms = context.world.nowMs()
  const time = isUtc ? utcTime(ms) : localTime(ms)
  return isTrue(format) ? strftime(toText(format), time) : time
}

function undef(hint: Datum): Datum {
  const isGiven = hint !== null && !(hint instanceof Undefined) && hint !== ''
  return new Undefined(isGiven ? toText(hint) : 'Mandatory variable has not been overridden')
}

/** What Python says the type of a global is: a class, a bound method, or a function. */
function typeOf(name: string): string {
  if (['range', 'dict', 'namespace', 'cycler', 'joiner'].includes(name)) return 'type'
  return name === 'lipsum' ? 'function' : 'method'
}
