import { Undefined } from '../scope.ts'
import { type Datum, HostObject, ToldMap, Tuple, isSequence } from './datum.ts'
import { isFloat } from './number.ts'

/** The name of a value's Python type. */
export function typeName(datum: Datum): string {
  if (datum === null) return 'NoneType'
  if (typeof datum === 'boolean') return 'bool'
  if (typeof datum === 'string') return 'str'
  if (datum instanceof Undefined) return 'AnsibleUndefined'
  if (datum instanceof HostObject) return datum.typeName
  if (isFloat(datum)) return 'float'
  if (typeof datum === 'number' || typeof datum === 'bigint') return 'int'
  if (datum instanceof Tuple) return 'tuple'
  if (datum instanceof ToldMap) return datum.typeName
  return isSequence(datum) ? 'list' : 'dict'
}

/** How Jinja names a value in "… has no attribute". */
export function objectName(datum: Datum): string {
  return datum === null ? 'None' : `${typeName(datum)} object`
}
