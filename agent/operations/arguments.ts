/** Arguments of operations: the controller has given them their types already; here they are taken out by name. */
import { CannotDo } from './cannot-do.ts'
import type { JsonMap } from './operation.ts'

/** A text; numbers too, since YAML reads `mode: 644` as one. Undefined when it is not there. */
export function text(args: JsonMap, name: string): string | undefined {
  const value = args[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new CannotDo(
    `argument '${name}' is of type ${typeName(value)} and we were unable to convert to str`,
  )
}

/** A text that must be there. */
export function neededText(args: JsonMap, name: string): string {
  const value = text(args, name)
  if (value === undefined) throw new CannotDo(`missing required arguments: ${name}`)
  return value
}

const yes = new Set(['y', 'yes', 'on', '1', 'true', 't'])
const no = new Set(['n', 'no', 'off', '0', 'false', 'f'])

/** A truth value, also in words. */
export function flag(args: JsonMap, name: string, fallback: boolean): boolean {
  const value = args[name]
  if (value === undefined || value === null) return fallback
  if (typeof value === 'boolean') return value
  const word = text(args, name)?.toLowerCase() ?? ''
  if (yes.has(word)) return true
  if (no.has(word)) return false
  throw new CannotDo(`argument '${name}' is not a valid boolean: ${word}`)
}

/** A whole number, also in digits. */
export function whole(args: JsonMap, name: string): number | undefined {
  const value = text(args, name)
  if (value === undefined || value === '') return undefined
  if (/^-?\d+$/u.test(value)) return Number(value)
  throw new CannotDo(
    `argument '${name}' is of type str and we were unable to convert to int: ${value}`,
  )
}

/** A list of texts; one text is a list with commas. */
export function texts(args: JsonMap, name: string): readonly string[] {
  const value = args[name]
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.map(String)
  return (text(args, name) ?? '').split(',').map((word) => word.trim())
}

/** Whether nothing may be changed. */
export function isCheck(args: JsonMap): boolean {
  return flag(args, '_check', false)
}

/** Whether differences are to be told. */
export function isDiff(args: JsonMap): boolean {
  return flag(args, '_diff', false)
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? 'list' : 'dict'
}
