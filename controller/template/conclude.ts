import { Float } from '../../proto/value.ts'
import type { Output } from './compile/output.ts'
import { type Datum, HostObject, Tuple, isDict, isSequence } from './python/datum.ts'
import { parseLiteral } from './python/literal.ts'
import { toText } from './python/text.ts'

/** All that a template wrote, as text. */
export function concludeText(output: Output): Datum {
  return output.join()
}

/**
 * What a template of a playbook comes to, as in Ansible up to 2.18: all of it is text, and text that looks like a
 * list, a map or a boolean becomes one. So numbers become text unless a single variable holds them.
 */
export function concludeClassic(output: Output): Datum {
  const single = output.single()
  if (single?.isText === true) return single.value
  if (single) return classicValue(single.value)
  return readLiteral(output.join())
}

function classicValue(value: Datum): Datum {
  if (value === null) return ''
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return readLiteral(value)
  if ((isSequence(value) && !(value instanceof Tuple)) || isDict(value)) {
    return isLiteral(value) ? value : toText(value)
  }
  return toText(value)
}

/** Whether Python would read back what it prints for `value`. */
function isLiteral(value: Datum): boolean {
  if (value instanceof HostObject) return false
  if (value instanceof Float) return Number.isFinite(value.value)
  if (typeof value === 'number') return Number.isFinite(value)
  if (isSequence(value)) return value.every(isLiteral)
  return isDict(value) ? [...value.values()].every(isLiteral) : true
}

function readLiteral(text: string): Datum {
  const isCandidate =
    text.startsWith('{') || text.startsWith('[') || text === 'True' || text === 'False'
  return isCandidate ? (parseLiteral(text, { hasJsonNames: true }) ?? text) : text
}

/** What a template comes to with `jinja2_native`: any value as it is, text read as a literal where it is one. */
export function concludeNative(output: Output): Datum {
  if (output.isEmpty) return null
  const single = output.single()
  if (single && (single.isText || typeof single.value !== 'string')) return single.value
  const text = single && typeof single.value === 'string' ? single.value : output.join('None')
  const value = parseLiteral(text, { hasJsonNames: false })
  if (typeof value === 'string') return `${text[0] ?? ''}${value}${text[0] ?? ''}`
  return value === undefined ? text : value
}
