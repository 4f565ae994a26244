import { Float } from '../../../proto/value.ts'
import { define, defineLazy } from '../define.ts'
import { arithmetic } from '../python/arithmetic.ts'
import { compare, isEqual, isTrue } from '../python/compare.ts'
import { type Datum, HostObject, isDict, isSequence } from '../python/datum.ts'
import { contains, isIterable } from '../python/iterate.ts'
import { isFloat, isInteger, isNumber, toDouble } from '../python/number.ts'
import type { Definition, Table } from '../registry.ts'
import { isUndefined } from '../python/soft-undefined.ts'

const equal: Definition<boolean> = define('other', (value, [other = null]) => isEqual(value, other))
const unequal: Definition<boolean> = define(
  'other',
  (value, [other = null]) => !isEqual(value, other),
)

/** Tests of Jinja's own: what is defined, of which type, equal, larger, even. */
export const typeTests: Table<boolean> = {
  defined: defineLazy('', (value) => !isUndefined(value)),
  undefined: defineLazy('', (value) => isUndefined(value)),
  none: defineLazy('', (value) => value === null),
  boolean: defineLazy('', (value) => typeof value === 'boolean'),
  true: defineLazy('', (value) => value === true),
  false: defineLazy('', (value) => value === false),
  integer: defineLazy('', (value) => isInteger(value) && typeof value !== 'boolean'),
  float: defineLazy('', (value) => isFloat(value)),
  number: defineLazy('', (value) => isNumber(value)),
  string: defineLazy('', (value) => typeof value === 'string'),
  mapping: defineLazy('', (value) => isDict(value)),
  sequence: defineLazy('', (value) => {
    if (value instanceof HostObject) return value.typeName === 'range'
    return typeof value === 'string' || isSequence(value) || isDict(value)
  }),
  iterable: defineLazy('', (value) => isIterable(value)),
  callable: defineLazy('', (value) => value instanceof HostObject && value.call !== undefined),
  sameas: defineLazy('other', (value, [other = null]) => isSame(value, other)),
  escaped: defineLazy('', () => false),
  odd: define('', (value) => isEqual(arithmetic('%', value, 2), 1)),
  even: define('', (value) => isEqual(arithmetic('%', value, 2), 0)),
  divisibleby: define('num', (value, [divisor = null]) =>
    isEqual(arithmetic('%', value, divisor), 0),
  ),
  in: defineLazy('seq', (value, [container = null]) => contains(container, value)),
  filter: define(
    '',
    (value, _args, context) => typeof value === 'string' && context.world.registry.hasFilter(value),
  ),
  test: define(
    '',
    (value, _args, context) => typeof value === 'string' && context.world.registry.hasTest(value),
  ),
  equalto: equal,
  eq: equal,
  '==': equal,
  ne: unequal,
  '!=': unequal,
  ...orders(),
  truthy: define('convert_bool', (value, [converts = false]) =>
    isTrue(isTrue(converts) ? converted(value) : value),
  ),
  falsy: define(
    'convert_bool',
    (value, [converts = false]) => !isTrue(isTrue(converts) ? converted(value) : value),
  ),
  nan: define('', (value) => isNumber(value) && Number.isNaN(toDouble(value))),
  isnan: define('', (value) => isNumber(value) && Number.isNaN(toDouble(value))),
}

function orders(): Table<boolean> {
  const order = (operator: string, holds: (sign: number) => boolean): Definition<boolean> =>
    define('other', (value, [other = null]) => holds(compare(value, other, operator)))
  const greater = order('>', (sign) => sign > 0)
  const least = order('>=', (sign) => sign >= 0)
  const less = order('<', (sign) => sign < 0)
  const most = order('<=', (sign) => sign <= 0)
  return {
    gt: greater,
    greaterthan: greater,
    '>': greater,
    ge: least,
    '>=': least,
    lt: less,
    lessthan: less,
    '<': less,
    le: most,
    '<=': most,
  }
}

function isSame(value: Datum, other: Datum): boolean {
  if (value instanceof Float && other instanceof Float) return value.value === other.value
  return value === other
}

const TRUE_WORDS = ['y', 'yes', 'on', '1', 'true', 't']
const FALSE_WORDS = ['n', 'no', 'off', '0', 'false', 'f']

/** A word for a boolean as that boolean; anything else as it is. */
function converted(value: Datum): Datum {
  if (isNumber(value)) {
    const size = toDouble(value)
    return size === 1 ? true : size === 0 ? false : value
  }
  const word = typeof value === 'string' ? value.toLowerCase().trim() : undefined
  if (word === undefined) return value
  if (TRUE_WORDS.includes(word)) return true
  return FALSE_WORDS.includes(word) ? false : value
}
