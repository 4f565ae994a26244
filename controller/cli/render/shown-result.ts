import {
  without,
  textEntries,
  isList,
  isMap,
  newMap,
  type Value,
  type ValueMap,
  type MapKey,
} from '../../../proto/value.ts'
import type { DisplaySettings } from '../../../proto/run.ts'
import { dumpBelowStatus, dumpWithTexts } from './callback-results.ts'
import { isModule } from './modules.ts'
import { dumpJson } from './python-json.ts'
import { dumpYaml } from './result-yaml.ts'

export interface DumpOptions {
  readonly verbosity: number
  /** Blanks a level; else one line, unless the result or -vvv asks for more. */
  readonly indent?: number
  /** Default: JSON, on one line. */
  readonly display?: Pick<DisplaySettings, 'callback' | 'resultFormat' | 'isPretty'>
}

/** A result without what callbacks are never given: its status, which the line tells, and internal keys. */
export function cleanResult(result: ValueMap, module: string): ValueMap {
  const hidden = isModule(module, 'debug')
    ? ['failed', 'skipped', 'invocation']
    : ['failed', 'skipped']
  return without(result, hidden)
}

/** What debug shows: the message alone, or the variable alone. */
export function debugResult(result: ValueMap): ValueMap {
  const keep = result.has('msg')
    ? (key: string) => shownWithMessage.includes(key) || key.startsWith('_')
    : (key: string) => !hiddenBesideVariable.includes(key)
  return newMap(textEntries(result).filter(([key]) => keep(key)))
}

const shownWithMessage = ['msg', 'exception', 'warnings', 'deprecations']
const hiddenBesideVariable = ['changed', 'failed', 'skipped', 'invocation', 'skip_reason']

/** What debug and assert said themselves is always shown whole; not what kept them from running. */
function isAlwaysVerbose(result: ValueMap): boolean {
  return result.get('_ansible_verbose_always') === true
}

/** Whether a result follows its line: facts never do. */
export function isVerbose(result: ValueMap, module: string, verbosity: number): boolean {
  if (result.get('_ansible_verbose_override') === true || isModule(module, 'setup', 'gather_facts'))
    return false
  return verbosity > 0 || isAlwaysVerbose(result)
}

/** The JSON or YAML of a result as it follows a line. */
export function dumpResult(result: ValueMap, options: DumpOptions): string {
  const { verbosity, indent, display } = options
  const hidden = verbosity < 3 ? ['invocation', 'diff', 'exception'] : ['exception']
  const clean = withoutInternal(without(result, hidden))
  if (display?.callback === 'yaml' && isMap(clean)) {
    return result.get('_ansible_no_log') === true
      ? dumpJson(clean, undefined)
      : dumpBelowStatus(clean)
  }
  if (display?.callback === 'debug' && isMap(clean))
    return dumpWithTexts(clean, (rest) => dumpJson(rest, 4))
  const isYaml = display?.resultFormat === 'yaml'
  const spread = isAlwaysVerbose(result) || verbosity > 2 || display?.isPretty === true
  const wanted = !indent && (spread || (isYaml && display.isPretty === undefined)) ? 4 : indent
  const levels = display?.isPretty === false ? undefined : wanted
  return isYaml
    ? dumpYaml(clean, { indent: levels, isLossy: display.isPretty !== false })
    : dumpJson(clean, levels)
}

function withoutInternal(value: Value): Value {
  if (isList(value)) return value.map(withoutInternal)
  if (!isMap(value)) return value
  const entries = [...value].filter(([key]) => !isInternal(key))
  return newMap(entries.map(([key, part]) => [key, withoutInternal(part)] as const))
}

function isInternal(key: MapKey): boolean {
  return typeof key === 'string' && key.startsWith('_ansible_')
}
