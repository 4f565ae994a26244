import { isMap, newMap, without, type ValueMap } from '../../proto/value.ts'
import { foreignResult } from './foreign-job.ts'
import { installedResult } from './installed-module.ts'
import { withArgs, withInvocation } from './invocation.ts'
import { withLines } from './output-text.ts'
import type { Finished } from './module.ts'
import { operationResult } from './operation.ts'
import { programResult } from './program.ts'
import type { Reading } from './reading.ts'
import { lowLevelResult, scriptResult } from './script.ts'
import { fileResult } from './send-file.ts'

/** The module's result of a job that came to an end of its own; timed out, cancelled and lost are the run's to tell. */
export function readEnd(reading: Reading, end: Finished): ValueMap {
  const result = resultOf(reading, end)
  const { invocation } = reading
  const told = without(result, ['_paths'])
  return withLines(
    invocation ? withInvocation(told, asRead(invocation, { reading, result })) : told,
  )
}

/** An invocation with what only the host knew: an operation tells paths that it expanded; the rest is in the result. */
function asRead(
  invocation: ValueMap,
  { reading, result }: { readonly reading: Reading; readonly result: ValueMap },
): ValueMap {
  const paths = result.get('_paths')
  const read = withArgs(invocation, isMap(paths) ? paths : newMap())
  if (reading.kind === 'file' && reading.operation === 'copy') return withKnown(read, 'src', result)
  if (reading.kind === 'operation' && reading.operation === 'file')
    return withKnown(
      read,
      'state',
      newMap([['state', 'file'], ...(result.get('failed') === true ? [] : result)]),
    )
  return read
}

/** An argument that was not given is what the result says of it. */
function withKnown(invocation: ValueMap, name: string, result: ValueMap): ValueMap {
  const args = invocation.get('module_args')
  const value = result.get(name)
  const isOpen = isMap(args) && args.get(name) === null && value !== undefined
  return isOpen ? withArgs(invocation, newMap([[name, value]])) : invocation
}

function resultOf(reading: Reading, end: Finished): ValueMap {
  switch (reading.kind) {
    case 'nothing':
      return newMap()
    case 'program':
      return programResult(reading, end)
    case 'operation':
      return operationResult(reading.operation, end)
    case 'low_level':
      return lowLevelResult(end)
    case 'script':
      return scriptResult(end, reading)
    case 'installed':
      return installedResult(reading.notes, end)
    case 'file':
      return fileResult(reading, end)
    case 'foreign':
      return foreignResult(reading.name, end)
  }
}
