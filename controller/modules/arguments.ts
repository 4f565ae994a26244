import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import {
  textKeys,
  textEntries,
  Float,
  floatText,
  isList,
  isMap,
  isMoment,
  newMap,
  type Value,
  type ValueMap,
} from '../../proto/value.ts'
import type { ModuleDefinition, Option, OptionTable } from './module.ts'

/**
 * Checks a task's arguments against its module's options and converts them, as Ansible does.
 *
 * @param writtenName The module as the task names it.
 * @throws {ErrandError} `invalid`, with Ansible's sentence.
 */
export function checkArguments(
  module: ModuleDefinition,
  given: ValueMap,
  writtenName: string,
): ValueMap {
  const { options } = module
  if (options === 'any') return given
  const { values, errors } = readOptions(options, given)
  const unknown = textKeys(given).filter((name) => canonicalName(options, name) === undefined)
  const [first] = errors
  const isNamedFirst = module.refuses !== undefined && unknown.length > 0
  if (first !== undefined && !isNamedFirst) throw new ErrandError('invalid', first)
  if (unknown.length === 0) return values
  throw new ErrandError('invalid', unsupported(module, { options, unknown, writtenName }))
}

/** What arguments come to by a table of options, and everything that is wrong with them. */
export function readOptions(
  options: OptionTable,
  given: ValueMap,
): { readonly values: ValueMap; readonly errors: readonly string[] } {
  const values = newMap()
  for (const [name, value] of textEntries(given)) {
    const canonical = canonicalName(options, name)
    if (canonical === undefined) continue
    if (value !== null || options[canonical]?.takesNull === true) values.set(canonical, value)
  }
  const errors = missing(options, values)
  for (const [name, option] of Object.entries(options)) {
    const value = values.has(name) ? values.get(name) : option.default
    if (value === undefined) continue
    try {
      values.set(name, values.has(name) ? convertOption(name, option, value) : value)
    } catch (error) {
      errors.push(sentenceOf(error))
    }
  }
  return { values, errors }
}

function canonicalName(options: OptionTable, name: string): string | undefined {
  if (Object.hasOwn(options, name)) return name
  return Object.keys(options).find((key) => options[key]?.aliases?.includes(name))
}

function unsupported(
  module: ModuleDefinition,
  fault: {
    readonly options: OptionTable
    readonly unknown: readonly string[]
    readonly writtenName: string
  },
): string {
  const { options, unknown, writtenName } = fault
  if (module.refuses) return module.refuses(unknown, writtenName)
  const names = Object.keys(options)
    .filter((name) => options[name]?.isOurs !== true)
    .concat(module.isFreeForm ? ['_raw_params', '_uses_shell'] : [])
  const aliases = names.flatMap((name) => options[name]?.aliases ?? []).toSorted()
  const also = aliases.length === 0 ? '' : ` (${aliases.join(', ')})`
  return (
    `Unsupported parameters for (${module.legacyName ?? writtenName}) module: ` +
    `${unknown.toSorted().join(', ')}. Supported parameters include: ${names.toSorted().join(', ')}${also}.`
  )
}

function missing(options: OptionTable, given: ValueMap): string[] {
  const names = Object.keys(options)
    .filter((name) => options[name]?.isRequired === true && !given.has(name))
    .toSorted()
  return names.length === 0 ? [] : [`missing required arguments: ${names.join(', ')}`]
}

function convertOption(name: string, option: Option, value: Value): Value {
  const converted = convert(name, option, value)
  if (option.choices && !isList(converted) && !option.choices.includes(textOf(converted))) {
    const choices = option.choices.join(', ')
    throw new ErrandError(
      'invalid',
      `value of ${name} must be one of: ${choices}, got: ${textOf(converted)}`,
    )
  }
  return converted
}

function convert(name: string, option: Option, value: Value): Value {
  switch (option.type) {
    case 'raw':
      return value
    case 'str':
    case 'path':
      return textOf(value)
    case 'bool':
      return boolOf(name, value)
    case 'int':
    case 'float':
      return numberOf(name, option.type, value)
    case 'list':
      return listOf(value)
    case 'dict':
      return dictOf(name, value)
  }
}

/** A value as Ansible hands it to an option of type str. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (value === null) return 'None'
  if (value instanceof Float) return floatText(value.value)
  if (isMap(value) || isList(value)) return pythonText(value)
  return isMoment(value) ? value.text() : String(value)
}

function pythonText(value: Value): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  if (value === null) return 'None'
  if (isList(value)) return `[${value.map(pythonText).join(', ')}]`
  if (isMap(value)) {
    const entries = Array.from(value, ([key, part]) => `${pythonText(key)}: ${pythonText(part)}`)
    return `{${entries.join(', ')}}`
  }
  return textOf(value)
}

const truths = new Set(['y', 'yes', 'on', '1', 'true', 't', '1.0'])
const falsehoods = new Set(['n', 'no', 'off', '0', 'false', 'f', '0.0'])

/** True or false as Ansible reads words; undefined for anything else. */
export function readBool(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value
  const word = (value instanceof Float ? String(value.value) : textOf(value)).trim().toLowerCase()
  if (truths.has(word)) return true
  return falsehoods.has(word) ? false : undefined
}

function boolOf(name: string, value: Value): boolean {
  const read = readBool(value)
  if (read === undefined) throw mistyped(name, value, 'bool')
  return read
}

function numberOf(name: string, type: 'int' | 'float', value: Value): Value {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Float) return type === 'int' ? value.value : value
  const text = typeof value === 'string' ? value.trim() : ''
  const pattern = type === 'int' ? /^[-+]?\d+$/u : /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/iu
  if (pattern.test(text)) return Number(text)
  throw mistyped(name, value, type)
}

function listOf(value: Value): Value {
  if (isList(value)) return value
  if (typeof value === 'string') return value.split(',').map((part) => part.trim())
  return [value]
}

function dictOf(name: string, value: Value): Value {
  if (isMap(value)) return value
  throw mistyped(name, value, 'dict')
}

function mistyped(
  name: string,
  value: Value,
  type: 'bool' | 'int' | 'float' | 'dict',
): ErrandError {
  const given = pythonType(value)
  const why = {
    bool: `The value '${textOf(value)}' is not a valid boolean`,
    int: `${given} cannot be converted to an int`,
    float: `${given} cannot be converted to a float`,
    dict: 'dictionary requested, could not parse JSON or key=value',
  }[type]
  return new ErrandError(
    'invalid',
    `argument '${name}' is of type ${given} and we were unable to convert to ${type}: ${why}`,
  )
}

function pythonType(value: Value): string {
  if (value === null) return "<class 'NoneType'>"
  if (typeof value === 'boolean') return "<class 'bool'>"
  if (typeof value === 'string') return "<class 'str'>"
  if (typeof value === 'number' && Number.isInteger(value)) return "<class 'int'>"
  if (isList(value)) return "<class 'list'>"
  if (isMap(value)) return "<class 'dict'>"
  return "<class 'float'>"
}
