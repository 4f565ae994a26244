/** What the agent itself can do on its host, without a program: one file each, one row each in `table.ts`. */

import { expandPath } from '../jobs/job-environment.ts'
import { CannotDo } from './cannot-do.ts'
import { pathInfo } from './path-info.ts'
import { pythonError } from './python-error.ts'
import { jsonWithFloats } from './python-float.ts'

/** A JSON object: arguments and results of operations. */
export type JsonMap = { readonly [key: string]: unknown }

/** What an operation may use of the agent. */
export interface OperationContext {
  /** The file of an upload; undefined when it is not there. */
  readonly uploadPath: (uploadId: string) => string | undefined
  /** Of the user that it is done for. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Aborts when the job is cancelled or the agent stops. */
  readonly signal: AbortSignal
}

/**
 * One operation: arguments as Ansible's module has them, result as Ansible's module returns it. What cannot be done is a
 * result with `failed` and `msg`; see CannotDo.
 */
export type Operation = (args: JsonMap, context: OperationContext) => Promise<JsonMap>

/** Runs an operation to JSON text; a failure is a result too. `_paths` are the arguments that are not as they were given. */
export async function resultOf(
  operation: Operation,
  argsJson: string,
  context: OperationContext,
): Promise<string> {
  const given = JSON.parse(argsJson) as JsonMap
  const _paths = expandedPaths(given, context)
  const result = await endOf(operation, { ...given, ..._paths }, context)
  return jsonWithFloats(Object.keys(_paths).length === 0 ? result : { ...result, _paths })
}

async function endOf(
  operation: Operation,
  args: JsonMap,
  context: OperationContext,
): Promise<JsonMap> {
  try {
    return await operation(args, context)
  } catch (error) {
    if (context.signal.aborted) throw error
    return await failureOf(error)
  }
}

/** What `~` and variables change in the arguments that name a file, as Ansible expands arguments of the type path. */
function expandedPaths(args: JsonMap, { environment }: OperationContext): JsonMap {
  const expanded: Record<string, unknown> = {}
  for (const name of ['path', 'dest', 'src', 'fact_path']) {
    const value = args[name]
    if (typeof value !== 'string') continue
    const path = expandPath(value, environment)
    if (path !== value) expanded[name] = path
  }
  return expanded
}

/** A failure that names a path tells what stands there. */
async function failureOf(error: unknown): Promise<JsonMap> {
  if (error instanceof CannotDo) {
    const { path, dest } = error.details
    const named = path ?? dest
    const info = typeof named === 'string' ? await infoOrNone(named) : {}
    const { details, message: msg } = error
    return { ...details, failed: true, changed: false, msg, ...info, ...details }
  }
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) throw error
  return { failed: true, changed: false, msg: pythonError(error) }
}

async function infoOrNone(path: string): Promise<JsonMap> {
  try {
    return await pathInfo(path)
  } catch {
    return {} // what kept us from it is told already
  }
}
