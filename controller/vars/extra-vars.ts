import { resolve } from 'node:path'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { addAll, isMap, newMap } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import { parseKeyValues } from '../playbook/split-args.ts'
import { parseYaml } from '../yaml.ts'
import type { SourceFiles } from '../yaml/source-files.ts'

/**
 * The variables of all `-e`, the later one winning: `k=v …`, YAML or JSON in braces, or `@file`.
 *
 * @throws {ErrandError} `invalid` for text that is none of these, and what reading a file throws.
 */
export function parseExtraVars(
  texts: readonly string[],
  options: { readonly cwd: string; readonly files: SourceFiles },
): ValueMap {
  const vars = newMap()
  for (const text of texts) addAll(vars, parseOne(text.trim(), options))
  return vars
}

function parseOne(
  text: string,
  { cwd, files }: { readonly cwd: string; readonly files: SourceFiles },
): ValueMap {
  if (text === '') return newMap()
  if (text.startsWith('@')) return mapOrThrow(files.parse(resolve(cwd, text.slice(1))).value, text)
  if (/^[/.]/u.test(text)) {
    throw new ErrandError('usage', `Please prepend extra_vars filename '${text}' with '@'`)
  }
  if (/^[[{]/u.test(text)) {
    return mapOrThrow(parseYaml(text, 'extra vars (-e)', { vault: files.vault }).value, text)
  }
  return keyValues(text)
}

function keyValues(text: string): ValueMap {
  try {
    const { map, raw } = parseKeyValues(text, false)
    // Words that are no k=v are one variable, as everything free is in Ansible.
    return raw === undefined ? map : newMap(map).set('_raw_params', raw)
  } catch (cause) {
    throw new ErrandError('syntax', `extra vars (-e): ${sentenceOf(cause)}`, { cause })
  }
}

function mapOrThrow(value: Value, text: string): ValueMap {
  if (value === null) return newMap()
  if (isMap(value)) return value
  throw new ErrandError(
    'usage',
    `Invalid extra vars data supplied. '${text}' could not be made into a dictionary`,
  )
}
