import { ErrandError } from '../../proto/errors.ts'
import { TemplateError } from '../template/templates.ts'

/** A keyword of a task whose value cannot be had; where it is the task's result, the task's place follows. */
export class FieldError extends ErrandError {
  constructor(said: string, options?: ErrorOptions) {
    super('invalid', said, options)
  }
}

/** @throws {FieldError} in Ansible's words, for a name that is not there. */
export function filled<T>(field: string, render: () => T): T {
  try {
    return render()
  } catch (cause) {
    if (!(cause instanceof TemplateError) || cause.kind !== 'UndefinedError') throw cause
    const what = `The field '${field}' has an invalid value, which includes an undefined variable.`
    throw new FieldError(`${what} The error was: ${cause.ansible}`, { cause })
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
