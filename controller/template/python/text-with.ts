import type { Datum } from './datum.ts'
import { PythonError } from './python-error.ts'
import { typeName } from './types.ts'

/**
 * A text, whose method `method` Python's own code would call.
 *
 * @throws {PythonError} `AttributeError` for what is no text.
 */
export function textWith(value: Datum, method: string): string {
  if (typeof value === 'string') return value
  throw attributeError(value, method)
}

/** What Python says of an attribute that a value has not got. */
export function attributeError(value: Datum, name: string): PythonError {
  return new PythonError('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`)
}
