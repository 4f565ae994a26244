import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { newMap, type ValueMap } from '../../proto/value.ts'
import type { Task } from '../playbook/playbook.ts'
import type { Place } from '../yaml/place.ts'
import { PluginError } from '../template/plugin-port.ts'
import { pythonRepr, TemplateError } from '../template/templates.ts'
import { FieldError } from './field-error.ts'
import { excerpt } from './excerpt.ts'

/** A host that could not be asked: its task's result is `unreachable`. */
export class HostUnreachable extends Error {
  override readonly name = 'HostUnreachable'
}

/** Lets what the fleet throws about a host that cannot be asked become {@link HostUnreachable}. */
export async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof ErrandError && isAboutReach(cause)) {
      throw new HostUnreachable(cause.message, { cause })
    }
    throw cause
  }
}

function isAboutReach(error: ErrandError): boolean {
  return error.code === 'unreachable' || error.code === 'denied'
}

/** Whether an error ends the run and not only a task: an interrupt, or a file that cannot be read. */
export function endsRun(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted) return true
  return error instanceof ErrandError && ['interrupted', 'cancelled', 'syntax'].includes(error.code)
}

/** The result of a host that could not be asked. */
export function unreachableResult(error: HostUnreachable): ValueMap {
  return newMap([
    ['changed', false],
    ['msg', error.message],
    ['unreachable', true],
  ])
}

/**
 * The result of a task that could not be carried out, in Ansible's words where the fault is in a template: then it says
 * where the task stands.
 */
export function faultResult(error: unknown, task: Task): ValueMap {
  return newMap([
    ['failed', true],
    ['msg', faultText(error, task)],
  ])
}

function faultText(error: unknown, task: Task): string {
  if (error instanceof FieldError) {
    return `${error.message}${error.isPlaced ? placeAndLine(task.place) : ''}`
  }
  if (error instanceof TemplateError) {
    // a module that asks a condition itself gives no source: then the place is not told
    const isCondition = error.ansible.startsWith('The conditional check') && error.source !== ''
    if (isCondition) return `${error.ansible}${placeAndLine(task.place)}`
    const intro = introOf(error, task)
    return intro === undefined
      ? error.ansible
      : `${intro}${error.ansible}${placeAndLine(task.place)}`
  }
  if (error instanceof PluginError && error.kind !== 'FilterError') {
    return `Unexpected failure during module execution: ${error.message}`
  }
  if (error instanceof ErrandError && error.code !== 'internal') return error.message
  return `Unexpected failure during module execution: ${sentenceOf(error)}`
}

/** What stands before an error that Ansible finds a place for; undefined for those that it tells without. */
function introOf({ kind }: TemplateError, task: Task): string | undefined {
  if (kind === 'UndefinedError') {
    return 'The task includes an option with an undefined variable. The error was: '
  }
  if (kind !== 'ValueError' && kind !== 'JSONDecodeError') return undefined
  const args = pythonRepr(newMap(task.args.map))
  return `the field 'args' has an invalid value (${args}), and could not be converted to an dict.The error was: `
}

/** Where an error is, and the lines there. */
function placeAndLine(place: Place): string {
  const found = excerpt(place)
  const { line, column } = found ?? place
  const { file } = place
  const shown = found === undefined ? '' : `The offending line appears to be:\n\n${found.text}\n`
  return (
    `\n\nThe error appears to be in '${file}': line ${line}, column ${column}, but may\n` +
    `be elsewhere in the file depending on the exact syntax problem.\n\n${shown}`
  )
}

/** `'file': line 3, column 7`, as Ansible names a place. */
export function placeText({ place }: Pick<Task, 'place'>): string {
  const { file, line, column } = place
  return `'${file}': line ${line}, column ${column}`
}
