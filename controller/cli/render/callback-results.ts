import { newMap, without, type ValueMap } from '../../../proto/value.ts'
import { emitYaml } from '../../template/yaml/emit.ts'
import { pythonText } from './python-text.ts'
import { readable } from './result-yaml.ts'

/** A result as the callback `yaml` of community.general shows it: its status on the line, the rest as YAML below. */
export function dumpBelowStatus(result: ValueMap): string {
  const status = ['changed', 'skipped']
    .filter((name) => result.has(name))
    .map((name) => `${name}=${pythonText(result.get(name) ?? null).toLowerCase()} `)
    .join('')
  const rest = without(result, ['changed', 'skipped'])
  if (rest.size === 0) return status.trimEnd()
  const text = emitYaml(readable(rest), {
    indent: 2,
    width: 1000,
    flow: 'none',
    isSorted: true,
    hasStart: false,
    hasEnd: false,
    hasBlocks: true,
  })
  return `${status}\n${text}`.replaceAll('\n', '\n  ').trimEnd()
}

/** A result as the callback `debug` of ansible.posix shows it: what commands printed stands as it is, below the rest. */
export function dumpWithTexts(result: ValueMap, dump: (rest: ValueMap) => string): string {
  const texts = shownBelow
    .map((name) => [name, pythonText(result.get(name) ?? '')] as const)
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `\n\n${name.toUpperCase()}:\n\n${text}\n`)
  const hidden = [...shownBelow, 'stdout_lines', 'stderr_lines']
  return dump(newMap(without(result, hidden))) + texts.join('')
}

const shownBelow = ['stdout', 'stderr', 'msg', 'module_stdout', 'module_stderr']
