import { ErrandError } from '../../proto/errors.ts'
import { Float, has, isList, isMap, newMap, type Value, type ValueMap } from '../../proto/value.ts'
import type { ModuleDefinition, Option, OptionTable } from './module.ts'

/**
 * Checks a task's arguments against its module's options and converts them, as Ansible does.
 *
 * @throws {ErrandError} `invalid`, with Ansible's sentence.
 */
export function checkArguments(module: ModuleDefinition, given: ValueMap): ValueMap {
  const { options } = module
  if (options === 'any') return given
  const checked = newMap()
  const unknown: string[] = []
  for (const [name, value] of Object.entries(given)) {
    const canonical = canonicalName(options, name)
    if (canonical === undefined) unknown.push(name)
    else checked[canonical] = value
  }
  if (unknown.length > 0) throw unsupported(module.name, options, unknown)
  requirePresent(options, checked)
  for (const [name, option] of Object.entries(options)) {
    const value = has(checked, name) ? checked[name] : undefined
    if (value !== undefined && value !== null) checked[name] = convertOption(name, option, value)
    else if (option.default !== undefined) checked[name] = option.default
    else if (value === null) delete checked[name]
  }
  return checked
}

function canonicalName(options: OptionTable, name: string): string | undefined {
  if (Object.hasOwn(options, name)) return name
  return Object.keys(options).find((key) => options[key]?.aliases?.includes(name))
}

function unsupported(
  module: string,
  options: OptionTable,
  unknown: readonly string[],
): ErrandError {
  const supported = Object.entries(options)
    .map(([name, { aliases }]) => (aliases?.length ? `${name} (${aliases.join(', ')})` : name))
    .sort()
  return new ErrandError(
    'invalid',
    `Unsupported parameters for (ansible.legacy.${module}) module: ${[...unknown].sort().join(', ')}. ` +
      `Supported parameters include: ${supported.join(', ')}.`,
  )
}

function requirePresent(options: OptionTable, given: ValueMap): void {
  const missing = Object.keys(options).filter((name) => {
    return options[name]?.isRequired && (given[name] === undefined || given[name] === null)
  })
  if (missing.length > 0) {
    throw new ErrandError('invalid', `missing required arguments: ${missing.sort().join(', ')}`)
  }
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
  if (value instanceof Float) return String(value.value)
  if (isMap(value) || isList(value)) return pythonText(value)
  return String(value)
}

function pythonText(value: Value): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  if (value === null) return 'None'
  if (isList(value)) return `[${value.map(pythonText).join(', ')}]`
  if (isMap(value)) {
    return `{${Object.entries(value)
      .map(([key, part]) => `${pythonText(key)}: ${pythonText(part)}`)
      .join(', ')}}`
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
  if (read === undefined)
    throw mistyped(name, value, 'bool', `The value '${textOf(value)}' is not a valid boolean. `)
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

function mistyped(name: string, value: Value, type: string, detail = ''): ErrandError {
  return new ErrandError(
    'invalid',
    `argument '${name}' is of type ${pythonType(value)} and we were unable to convert to ${type}: ${detail}` +
      `${textOf(value)} cannot be converted to ${type}`,
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
