import { type PluginKind, PluginError, type PluginPort } from './plugin-port.ts'
import { isTrue } from './python/compare.ts'
import type { Arguments, Datum } from './python/datum.ts'
import { PythonError } from './python/python-error.ts'
import type { CallContext } from './call-context.ts'
import type { Definition } from './registry.ts'

/** A filter that is a plugin. It is given also what is undefined, as Jinja does. */
export function pluginFilter(name: string, plugins: PluginPort): Definition<Datum> {
  return definition((input, args, context) =>
    call('filter', name, { input, args, context, plugins }),
  )
}

/** A test that is a plugin. */
export function askPlugin(name: string, plugins: PluginPort): Definition<boolean> {
  return definition((input, args, context) =>
    isTrue(call('test', name, { input, args, context, plugins })),
  )
}

interface Call {
  readonly input: Datum
  readonly args: Arguments
  readonly context: CallContext
  readonly plugins: PluginPort
}

function definition<R>(
  runRest: (input: Datum, args: Arguments, context: CallContext) => R,
): Definition<R> {
  const none: Arguments = { positional: [], named: new Map() }
  return {
    parameters: 'rest',
    isLazy: true,
    run: (input, _args, context) => runRest(input, none, context),
    runRest,
  }
}

function call(kind: PluginKind, name: string, { input, args, context, plugins }: Call): Datum {
  return asPython(() => plugins.call({ kind, name, input, args, scope: context.scope }))
}

/** What a plugin raises is what the evaluator would: where it arose is told as of its own. */
function asPython<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof PluginError)) throw error
    throw new PythonError(error.kind, error.message, { cause: error })
  }
}
