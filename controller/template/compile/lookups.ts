import { newMap } from '../../../proto/value.ts'
import { ErrandError } from '../../../proto/errors.ts'
import type { CallContext } from '../call-context.ts'
import { PluginError } from '../plugin-port.ts'
import { isTrue } from '../python/compare.ts'
import type { Arguments, Datum } from '../python/datum.ts'
import { PythonError, type PythonErrorKind, typeError } from '../python/python-error.ts'
import { pythonClass } from '../python/python-class.ts'
import { toText } from '../python/text.ts'
import { LookupFailure } from '../scope.ts'
import { TemplateError } from '../template-error.ts'
import { toValue } from '../to-value.ts'

/** Options of `lookup` itself; the rest go to the plugin. */
const OWN_OPTIONS = new Set(['wantlist', 'errors', 'allow_unsafe'])

/** `query(name, …)`: the results as a list. */
export function query(args: Arguments, context: CallContext): readonly Datum[] {
  return run(args, context) ?? []
}

/** `lookup(name, …)`: texts joined by commas, one other result as it is, several as a list. */
export function lookup(args: Arguments, context: CallContext): Datum {
  const results = run(args, context)
  if (isTrue(args.named.get('wantlist') ?? false)) return results ?? []
  if (!results) return null
  if (results.length === 0) return []
  if (results.every((result) => typeof result === 'string')) return results.join(',')
  return results.length === 1 ? (results[0] ?? null) : results
}

function run({ positional, named }: Arguments, context: CallContext): readonly Datum[] | undefined {
  const [name, ...terms] = positional
  if (name === undefined) throw typeError("missing 1 required positional argument: 'name'")
  const options = newMap()
  for (const [key, value] of named) if (!OWN_OPTIONS.has(key)) options.set(key, toValue(value))
  const values = terms.map((term) => toValue(term))
  try {
    return context.world.lookups.lookup(toText(name), values, options, context.scope)
  } catch (error) {
    const mode = toText(named.get('errors') ?? 'strict')
    const told = tell(toText(name), error)
    // What a lookup misses fails whatever `errors` says.
    const isMissing = told instanceof PythonError && told.kind === 'UndefinedError'
    if (mode === 'strict' || told === undefined || isMissing) throw told ?? error
    if (mode === 'warn') context.world.warn(warningOf(told))
    return undefined
  }
}

/** What an expression says of a lookup that failed, by the class that Ansible's own would have; undefined for others. */
function tell(name: string, error: unknown): Error | undefined {
  if (error instanceof PluginError) return raised(name, error)
  const isUndefined =
    error instanceof LookupFailure && error.pythonClass === 'AnsibleUndefinedVariable'
  if (isUndefined) return new PythonError('UndefinedError', error.message)
  if (error instanceof TemplateError && error.kind === 'UndefinedError') {
    return new PythonError('UndefinedError', error.ansible)
  }
  if (error instanceof LookupFailure && DIRECT.has(error.pythonClass)) return said(error.message)
  if (error instanceof LookupFailure) {
    return unhandled(name, `<class 'ansible.errors.${error.pythonClass}'>`, error.message)
  }
  if (error instanceof TemplateError) return unhandled(name, classText(error.kind), error.ansible)
  if (error instanceof PythonError) return unhandled(name, classText(error.kind), error.message)
  if (!(error instanceof ErrandError) || !CODES.has(error.code)) return undefined
  return unhandled(name, classText('AnsibleError'), error.message)
}

/** Classes whose errors Ansible hands on as they are. */
const DIRECT: ReadonlySet<string> = new Set(['AnsibleLookupError', 'AnsibleOptionsError'])
const CODES: ReadonlySet<string> = new Set(['invalid', 'not_found', 'denied', 'unsupported'])

/** What a plugin raised without meaning it for the user is told as Ansible tells it; what is undefined counts as that. */
function raised(name: string, error: PluginError): Error {
  if (error.kind === 'UndefinedError') return new PythonError('UndefinedError', error.message)
  return error.isComplete ? error : unhandled(name, error.className, error.message)
}

function classText(kind: PythonErrorKind): string {
  return `<class '${pythonClass(kind)}'>`
}

function unhandled(name: string, type: string, words: string): PythonError {
  return said(
    `An unhandled exception occurred while running the lookup plugin '${name}'. Error was a ${type}, original message: ${words}. ${words}`,
  )
}

function said(words: string): PythonError {
  return new PythonError('AnsibleError', words)
}

function warningOf({ message }: Error): string {
  if (message.startsWith('An unhandled exception')) return message.replace(/(.*)\. \1$/su, '$1')
  return `Lookup failed but the error is being ignored: ${message}`
}
