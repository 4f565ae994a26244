import { newMap, type ValueMap } from '../../proto/value.ts'
import { foreignResult } from './foreign-job.ts'
import { installedResult } from './installed-module.ts'
import type { Finished } from './module.ts'
import { operationResult } from './operation.ts'
import { programResult } from './program.ts'
import type { Reading } from './reading.ts'
import { lowLevelResult, scriptResult } from './script.ts'
import { fileResult } from './send-file.ts'

/** The module's result of a job that came to an end of its own; timed out, cancelled and lost are the run's to tell. */
export function readEnd(reading: Reading, end: Finished): ValueMap {
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
