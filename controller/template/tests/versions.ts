import { define } from '../define.ts'
import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import { filterError } from '../python/python-error.ts'
import { stringRepr, toText } from '../python/text.ts'
import type { Definition, Table } from '../registry.ts'
import { compareVersions, isVersionType, versionTypes } from './version-order.ts'

const operators: Readonly<Record<string, (sign: number) => boolean>> = {
  '==': (sign) => sign === 0,
  '=': (sign) => sign === 0,
  eq: (sign) => sign === 0,
  '<': (sign) => sign < 0,
  lt: (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  le: (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  gt: (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
  ge: (sign) => sign >= 0,
  '!=': (sign) => sign !== 0,
  '<>': (sign) => sign !== 0,
  ne: (sign) => sign !== 0,
}

const version: Definition<boolean> = define('version operator strict version_type', (value, args) =>
  holds(value, args),
)

/** The test that orders version numbers. */
export const versionTests: Table<boolean> = { version, version_compare: version }

function holds(value: Datum, args: readonly (Datum | undefined)[]): boolean {
  const [other = '', operator = 'eq', strict = null, kind = null] = args
  if (strict !== null && kind !== null)
    throw filterError("Cannot specify both 'strict' and 'version_type'")
  if (!isTrue(value)) throw filterError('Input version value cannot be empty')
  if (!isTrue(other)) throw filterError('Version parameter to compare against cannot be empty')
  const type = strict === null || !isTrue(strict) ? toText(kind ?? 'loose') : 'strict'
  if (!isVersionType(type)) {
    throw filterError(
      `Invalid version type (${type}). Must be one of ${versionTypes.map(stringRepr).join(', ')}`,
    )
  }
  const name = toText(operator)
  const decide = Object.hasOwn(operators, name) ? operators[name] : undefined
  if (!decide) {
    const known = Object.keys(operators).map(stringRepr).join(', ')
    throw filterError(`Invalid operator type (${name}). Must be one of ${known}`)
  }
  return decide(compareVersions(toText(value), toText(other), type))
}
