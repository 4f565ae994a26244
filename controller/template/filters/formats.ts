import { parseJson } from '../../../proto/json-text.ts'
import { define, defineLazy, defineRest } from '../define.ts'
import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import { jsonError } from '../python/json-error.ts'
import { jsonText } from '../python/json.ts'
import { isInteger } from '../python/number.ts'
import { filterError, typeError } from '../python/python-error.ts'
import { prettyText } from '../python/pretty-text.ts'
import { toText } from '../python/text.ts'
import { typeName } from '../python/types.ts'
import type { Definition, Table } from '../registry.ts'
import { emitYaml } from '../yaml/emit.ts'
import { readYaml, readYamlDocuments } from '../yaml/read.ts'

const toJson: Definition<Datum> = defineRest((value, { positional, named }) =>
  jsonText(value, jsonLayout(named, positional)),
)

const toNiceJson: Definition<Datum> = defineRest((value, { positional, named }) =>
  jsonText(value, {
    ...jsonLayout(named, []),
    indent: indentOf(positional[0] ?? named.get('indent') ?? 4),
    isSorted: isTrue(positional[1] ?? named.get('sort_keys') ?? true),
    itemSeparator: ',',
    keySeparator: ': ',
  }),
)

/** Filters from and to JSON and YAML. */
export const formatFilters: Table<Datum> = {
  to_json: toJson,
  tojson: defineRest((value, { positional, named }) =>
    scriptSafe(
      jsonText(value, {
        isSorted: true,
        indent: indentOf(positional[0] ?? named.get('indent') ?? null),
      }),
    ),
  ),
  to_nice_json: toNiceJson,
  from_json: define('', (value) => {
    if (typeof value === 'string') return fromJson(value)
    throw typeError(`the JSON object must be str, bytes or bytearray, not ${typeName(value)}`)
  }),
  to_yaml: defineRest((value, { named }) => emitYaml(value, yamlLayout(named, null))),
  to_nice_yaml: defineRest((value, { positional, named }) => {
    const twice = ['allow_unicode', 'default_flow_style'].find((name) => named.has(name))
    if (twice !== undefined) {
      const said = `yaml.dump() got multiple values for keyword argument '${twice}'`
      throw filterError(`to_nice_yaml - ${said}. ${said}`)
    }
    return emitYaml(value, yamlLayout(new Map([['indent', positional[0] ?? 4], ...named]), false))
  }),
  from_yaml: define('', (value) => (typeof value === 'string' ? readYaml(value) : value)),
  from_yaml_all: define('', (value) =>
    typeof value === 'string' ? readYamlDocuments(value) : value,
  ),
  pprint: defineLazy('', (value) => prettyText(value)),
}

function jsonLayout(named: ReadonlyMap<string, Datum>, _positional: readonly Datum[]) {
  const separators = named.get('separators')
  const [item, key] = Array.isArray(separators) ? (separators as readonly Datum[]) : []
  return {
    indent: indentOf(named.get('indent') ?? null),
    isSorted: isTrue(named.get('sort_keys') ?? false),
    isAscii: isTrue(named.get('ensure_ascii') ?? true),
    ...(typeof item === 'string' && { itemSeparator: item }),
    ...(typeof key === 'string' && { keySeparator: key }),
  }
}

function indentOf(value: Datum): string | undefined {
  if (value === null) return undefined
  return isInteger(value) ? ' '.repeat(Math.max(0, Number(value))) : toText(value)
}

function scriptSafe(text: string): string {
  const marks: Readonly<Record<string, string>> = {
    '<': '\\u003c',
    '>': '\\u003e',
    '&': '\\u0026',
    "'": '\\u0027',
  }
  return text.replace(/[<>&']/gu, (mark) => marks[mark] ?? mark)
}

function yamlLayout(named: ReadonlyMap<string, Datum>, defaultFlow: boolean | null) {
  const flow = named.get('default_flow_style') ?? defaultFlow
  return {
    indent: Number(named.get('indent') ?? 2),
    width: Number(named.get('width') ?? 80),
    flow: flow === null ? ('leaves' as const) : isTrue(flow) ? ('all' as const) : ('none' as const),
    isSorted: isTrue(named.get('sort_keys') ?? true),
    hasStart: isTrue(named.get('explicit_start') ?? false),
    hasEnd: isTrue(named.get('explicit_end') ?? false),
  }
}

function fromJson(text: string): Datum {
  try {
    return parseJson(
      text.replace(/\bNaN\b/gu, (word, at: number) => (isInString(text, at) ? word : 'null')),
    )
  } catch (cause) {
    throw cause instanceof SyntaxError ? jsonError(text) : cause
  }
}

function isInString(text: string, at: number): boolean {
  return (text.slice(0, at).replace(/\\./gu, '').match(/"/gu) ?? []).length % 2 === 1
}
