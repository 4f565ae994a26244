/** `invocation`: how a module was called, as its results tell it. */
import { isMap, mapOf, newMap, textKeys, type ValueMap } from '../../proto/value.ts'
import { readOptions } from './arguments.ts'
import type { GivenArguments, HostModule, OptionTable } from './module.ts'

/**
 * Every option of a module with what it came to, and null where nothing was given and there is no default; what was given under
 * another name stands there as it was written, too.
 */
export function invocationOf(options: OptionTable, given: ValueMap): ValueMap {
  const isTold = (name: string) => options[name]?.isOurs !== true
  const args = newMap(
    Object.keys(options)
      .filter(isTold)
      .map((name) => [name, null] as const),
  )
  for (const [name, value] of [...given, ...readOptions(options, given).values]) {
    if (typeof name === 'string' && isTold(name)) args.set(name, value)
  }
  return mapOf({ module_args: args })
}

/** How a module of the host is called; undefined where that depends on what it comes to. */
export function invocationOfTask(module: HostModule, given: GivenArguments): ValueMap | undefined {
  if (module.toldArgs === undefined || module.options === 'any') return undefined
  return invocationOf(module.options, module.toldArgs(given))
}

/** A result with its invocation, unless it has one. */
export function withInvocation(result: ValueMap, invocation: ValueMap | undefined): ValueMap {
  if (invocation === undefined || result.has('invocation')) return result
  return newMap([...result, ['invocation', invocation]])
}

/** An invocation with arguments as the host reads them; names that it does not have are nobody's. */
export function withArgs(invocation: ValueMap, read: ValueMap): ValueMap {
  const args = invocation.get('module_args')
  const names = isMap(args) ? textKeys(read).filter((name) => args.has(name)) : []
  if (!isMap(args) || names.length === 0) return invocation
  const replaced = names.map((name) => [name, read.get(name) ?? null] as const)
  return newMap([...invocation, ['module_args', newMap([...args, ...replaced])]])
}
