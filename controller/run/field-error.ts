import { ErrandError } from '../../proto/errors.ts'
import { TemplateError } from '../template/templates.ts'

/** A keyword of a task whose value cannot be had. */
export class FieldError extends ErrandError {
  /** Where it is the task's result, the task's place follows. */
  readonly isPlaced: boolean

  constructor(said: string, options: ErrorOptions & { readonly isPlaced?: boolean } = {}) {
    super('invalid', said, options)
    this.isPlaced = options.isPlaced ?? true
  }
}

/** How a host is reached is read apart from the task: then Ansible says its sentence twice and no place. */
const ofConnections: ReadonlySet<string> = new Set([
  'become',
  'become_user',
  'become_method',
  'become_flags',
  'connection',
  'remote_user',
])

/** @throws {FieldError} in Ansible's words, for a name that is not there. */
export function filled<T>(field: string, render: () => T): T {
  try {
    return render()
  } catch (cause) {
    if (!(cause instanceof TemplateError) || cause.kind !== 'UndefinedError') throw cause
    const what = `The field '${field}' has an invalid value, which includes an undefined variable.`
    const isPlaced = !ofConnections.has(field)
    const why = isPlaced ? cause.ansible : `${cause.ansible}. ${cause.ansible}`
    throw new FieldError(`${what} The error was: ${why}`, { cause, isPlaced })
  }
}

/** A value that is no whole number, as Ansible refuses it. */
export function noNumber(field: string, text: string): FieldError {
  const name = field === 'async' ? 'async_val' : field
  return new FieldError(
    `the field '${name}' has an invalid value (${text}), and could not be converted to an int.` +
      `The error was: invalid literal for int() with base 10: '${text}'`,
  )
}
