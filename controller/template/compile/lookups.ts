import { newMap } from '../../../proto/value.ts'
import { ErrandError } from '../../../proto/errors.ts'
import type { CallContext } from '../call-context.ts'
import { PluginError } from '../plugin-port.ts'
import { isTrue } from '../python/compare.ts'
import type { Arguments, Datum } from '../python/datum.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { toText } from '../python/text.ts'
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
  } catch (cause) {
    const error = cause instanceof PluginError ? inFull(toText(name), cause) : cause
    const mode = toText(named.get('errors') ?? 'strict')
    if (mode === 'strict' || !isFailure(error)) throw error
    if (mode === 'warn') {
      context.world.warn(`Lookup failed but the error is being ignored: ${error.message}`)
    }
    return undefined
  }
}

/** What a plugin raised without meaning it for the user is told as Ansible tells it; what is undefined counts as that. */
function inFull(name: string, error: PluginError): Error {
  const { kind, message, className } = error
  if (kind === 'UndefinedError') return new PythonError(kind, message, { cause: error })
  if (error.isComplete) return error
  const said = `An unhandled exception occurred while running the lookup plugin '${name}'. Error was a ${className}, original message: ${message}`
  return new ErrandError('invalid', `${said}. ${message}`, { cause: error })
}

function isFailure(error: unknown): error is Error {
  return error instanceof ErrandError || error instanceof PythonError
}
