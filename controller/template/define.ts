import type { CallContext } from './call-context.ts'
import type { Arguments, Datum } from './python/datum.ts'
import type { Definition, Run } from './registry.ts'

/** Defines a filter or test whose value and arguments must all be defined; `parameters` by blanks. */
export function define<R>(parameters: string, run: Run<R>): Definition<R> {
  return { parameters: words(parameters), isLazy: false, run, runRest: undefined }
}

/** Defines one that is given also what is undefined. */
export function defineLazy<R>(parameters: string, run: Run<R>): Definition<R> {
  return { parameters: words(parameters), isLazy: true, run, runRest: undefined }
}

/** Defines one that takes any arguments. */
export function defineRest<R>(
  run: (input: Datum, args: Arguments, context: CallContext) => R,
  options: { readonly isLazy?: boolean } = {},
): Definition<R> {
  const noArguments: Arguments = { positional: [], named: new Map() }
  return {
    parameters: 'rest',
    isLazy: options.isLazy ?? false,
    run: (input, _args, context) => run(input, noArguments, context),
    runRest: run,
  }
}

function words(parameters: string): readonly string[] {
  return parameters === '' ? [] : parameters.split(' ')
}
