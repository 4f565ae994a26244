import { ErrandError } from '../../../proto/errors.ts'
import { isList, isMap, type Value } from '../../../proto/value.ts'
import { typeName } from '../../template/python/types.ts'
import { toText } from '../../template/templates.ts'

/** One entry of `keyed_groups` for one host, its key evaluated. */
export interface KeyedGroup {
  readonly key: Value
  /** What stands in front of every name. */
  readonly prefix: string
  /** Between a key and a value of a map. */
  readonly separator: string
  /** Whether a map's key without a value keeps the separator. */
  readonly hasTrailingSeparator: boolean
  /** Stands for what is empty. */
  readonly defaultValue?: string
}

/**
 * The groups that a key stands for: one for a text, one for each item of a list, one for each pair of a map.
 *
 * @throws {ErrandError} `invalid` for a number or the like.
 */
export function keyedGroupNames(group: KeyedGroup): readonly string[] {
  return bareNames(group).map((name) => group.prefix + name)
}

function bareNames(group: KeyedGroup): readonly string[] {
  const { key } = group
  const filled = (item: Value) => (item === '' ? (group.defaultValue ?? '') : toText(item))
  if (typeof key === 'string') return [filled(key)]
  if (isList(key)) return key.map(filled)
  if (isMap(key)) return Array.from(key, ([name, value]) => pairName(group, toText(name), value))
  throw new ErrandError(
    'invalid',
    `Invalid group name format, expected a string or a list of them or dictionary, got: <class '${typeName(key)}'>`,
  )
}

function pairName(group: KeyedGroup, name: string, value: Value): string {
  if (value !== '') return name + group.separator + toText(value)
  if (group.defaultValue !== undefined) return name + group.separator + group.defaultValue
  return group.hasTrailingSeparator ? name + group.separator : name
}
