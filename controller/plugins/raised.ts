import { PluginError } from '../template/plugin-port.ts'
import { type Datum, isSequence } from '../template/python/datum.ts'
import type { PythonErrorKind } from '../template/python/python-error.ts'
import { field, textOf } from './codec.ts'

/** What the classes of an exception mean here; the first that fits counts. */
const kinds: readonly (readonly [string, PythonErrorKind])[] = [
  ['UndefinedError', 'UndefinedError'],
  ['AnsibleUndefinedVariable', 'UndefinedError'],
  // Ansible's own error of a wrong type is one of Python's, too, and told as one.
  ['TypeError', 'TypeError'],
  ['AnsibleError', 'FilterError'],
  ['Told', 'FilterError'],
  ['ValueError', 'ValueError'],
  ['KeyError', 'KeyError'],
  ['IndexError', 'IndexError'],
  ['ZeroDivisionError', 'ZeroDivisionError'],
  ['OverflowError', 'OverflowError'],
]

/** Those whose message Ansible shows as it is when a lookup raises them. */
const complete = new Set(['AnsibleLookupError', 'AnsibleOptionsError', 'Told'])

/** The error that Python described (python/serve.py). */
export function raised(described: Datum): PluginError {
  const names = field(described, 'kinds')
  const classes = new Set(names !== undefined && isSequence(names) ? names : [])
  const kind = kinds.find(([name]) => classes.has(name))?.[1] ?? 'AttributeError'
  return new PluginError(textOf(field(described, 'message')), {
    kind,
    className: textOf(field(described, 'class')),
    isComplete: [...complete].some((name) => classes.has(name)),
  })
}
