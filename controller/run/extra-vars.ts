import { resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { isMap, newMap, type MutableMap, type ValueMap } from '../../proto/value.ts'
import { shellWords } from '../modules/shell-words.ts'
import { parseYaml } from '../yaml.ts'
import type { SourceFiles } from '../yaml/source-files.ts'

/**
 * What `-e` gave, the later ones winning: `k=v` words, YAML or JSON, or `@` and a file of one of these.
 *
 * @throws {ErrandError} `syntax` or `invalid`.
 */
export function readExtraVars(
  written: readonly string[],
  where: { readonly files: SourceFiles; readonly cwd: string },
): ValueMap {
  const all = newMap()
  for (const one of written) Object.assign(all, readOne(one.trim(), where))
  return all
}

function readOne(
  text: string,
  where: { readonly files: SourceFiles; readonly cwd: string },
): ValueMap {
  if (text.startsWith('@'))
    return asMap(where.files.parse(resolve(where.cwd, text.slice(1))).value, text)
  if (/^[{[]/u.test(text)) return asMap(parseYaml(text, '(-e)').value, text)
  return pairs(text)
}

function asMap(value: unknown, text: string): ValueMap {
  if (value === null) return newMap()
  if (isMap(value)) return value
  throw new ErrandError(
    'invalid',
    `extra variables must be a mapping of names to values, got ${text}`,
  )
}

function pairs(text: string): MutableMap {
  const vars = newMap()
  for (const word of shellWords(text)) {
    const at = word.indexOf('=')
    if (at <= 0)
      throw new ErrandError(
        'invalid',
        `extra variables are written k=v, got ${JSON.stringify(word)}`,
      )
    vars[word.slice(0, at)] = word.slice(at + 1)
  }
  return vars
}
