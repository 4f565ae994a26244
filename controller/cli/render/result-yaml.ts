import { isList, isMap, newMap, type Value } from '../../../proto/value.ts'
import { emitYaml } from '../../template/yaml/emit.ts'

export interface YamlOptions {
  /** Blanks a level. */
  readonly indent: number | undefined
  /** For reading: output is not shown twice, and blanks that nobody sees are dropped. */
  readonly isLossy: boolean
}

/** A result as YAML below the line that it belongs to (callback_result_format = yaml). */
export function dumpYaml(result: Value, { indent, isLossy }: YamlOptions): string {
  const text = emitYaml(isLossy ? readable(result) : result, {
    indent: indent ?? 2,
    width: 80,
    flow: 'none',
    isSorted: true,
    hasStart: false,
    hasEnd: false,
    hasBlocks: true,
  })
  const margin = ' '.repeat(indent ?? 4)
  return `\n${text.replaceAll(/^(?=.*\S)/gmu, margin)}`
}

/** A result without what is shown twice, its texts such that they can stand line by line. */
export function readable(result: Value): Value {
  if (!isMap(result)) return result
  const hidden = ['stdout', 'stderr'].filter((name) => result.has(name))
  return newMap(
    [...result].map(([key, value]) => {
      const isTwice = hidden.some((name) => key === `${name}_lines`)
      return [key, isTwice ? '<omitted>' : plain(value)] as const
    }),
  )
}

/** Text of many lines such that it can stand line by line. */
function plain(value: Value): Value {
  if (isList(value)) return value.map(plain)
  if (isMap(value)) return newMap([...value].map(([key, part]) => [key, plain(part)]))
  if (typeof value !== 'string' || !/[\n\u0085\u2028\u2029]/u.test(value)) return value
  const lines = value.trimEnd().split('\n')
  return lines.map((line) => withoutTabs(line).replaceAll(special, '').trimEnd()).join('\n')
}

/** What YAML can only show between quotation marks. */
const special =
  /[^\n\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\u{10000}-\u{10FFFE}]/gu

function withoutTabs(line: string): string {
  let text = ''
  for (const part of line.split(/(?<=\t)/u)) {
    text += part.endsWith('\t') ? part.slice(0, -1) : part
    if (part.endsWith('\t')) text += ' '.repeat(8 - (text.length % 8))
  }
  return text
}
