import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { newMap, type ValueMap } from '../../proto/value.ts'
import type { Task } from '../playbook/playbook.ts'

/** A host that could not be asked: its task's result is `unreachable`. */
export class HostUnreachable extends Error {
  override readonly name = 'HostUnreachable'
}

/** Lets what the fleet throws about a host that cannot be asked become {@link HostUnreachable}. */
export async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof ErrandError && isAboutReach(cause))
      throw new HostUnreachable(cause.message, { cause })
    throw cause
  }
}

function isAboutReach(error: ErrandError): boolean {
  return error.code === 'unreachable' || error.code === 'denied'
}

/** What a task comes to when it could not be carried out. Interrupts are no results and pass. */
export function errorResult(error: unknown, task: Task, signal: AbortSignal): ValueMap {
  if (signal.aborted || (error instanceof ErrandError && isEndOfRun(error))) throw error
  if (error instanceof HostUnreachable) {
    return newMap([
      ['changed', false],
      ['msg', error.message],
      ['unreachable', true],
    ])
  }
  const isOurs = error instanceof ErrandError && error.code !== 'internal'
  const msg = isOurs
    ? error.message
    : `Unexpected failure during module execution: ${sentenceOf(error)}`
  return newMap([
    ['changed', false],
    ['failed', true],
    ['msg', placed(msg, task)],
  ])
}

function isEndOfRun(error: ErrandError): boolean {
  return error.code === 'interrupted' || error.code === 'cancelled' || error.code === 'syntax'
}

/** A template's error says where its task stands, unless it does already. */
function placed(msg: string, task: Task): string {
  if (!/undefined|has no attribute|template/u.test(msg) || msg.includes(task.place.file)) return msg
  return `${msg}\n\nThe error appears to be in ${placeText(task)}`
}

/** `'file': line 3, column 7`, as Ansible names a place. */
export function placeText(task: Task): string {
  const { file, line, column } = task.place
  return `'${file}': line ${line}, column ${column}`
}
