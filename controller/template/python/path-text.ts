import type { Datum } from './datum.ts'
import { typeError } from './python-error.ts'
import { typeName } from './types.ts'

/**
 * A path, as Python's functions on paths take it.
 *
 * @throws {PythonError} `TypeError` for what is no text.
 */
export function pathText(value: Datum): string {
  if (typeof value === 'string') return value
  throw typeError(`expected str, bytes or os.PathLike object, not ${typeName(value)}`)
}
