/** The kinds of failure that Python, Jinja and Ansible tell apart. */
export type PythonErrorKind =
  | 'UndefinedError'
  | 'TypeError'
  | 'ValueError'
  | 'FileNotFoundError'
  | 'JSONDecodeError'
  | 'KeyError'
  | 'AttributeError'
  | 'IndexError'
  | 'ZeroDivisionError'
  | 'OverflowError'
  | 'TemplateSyntaxError'
  | 'TemplateNotFound'
  | 'FilterError'
  | 'AnsibleError'
  | 'LimitError'

/**
 * What goes wrong inside the evaluator. It never leaves this folder: `templates.ts` turns it into an ErrandError
 * that says where.
 */
export class PythonError extends Error {
  override readonly name = 'PythonError'
  readonly kind: PythonErrorKind
  /** Line in the template, from 1, once known. */
  line: number | undefined
  /** Column in that line, from 1, once known. */
  column: number | undefined

  /** What Ansible 2.14 says, where that is less clear than `message`. */
  readonly ansible: string | undefined

  constructor(
    kind: PythonErrorKind,
    message: string,
    options: ErrorOptions & { readonly ansible?: string } = {},
  ) {
    super(message, options)
    this.kind = kind
    this.ansible = options.ansible
  }
}

/** A value of the wrong type. */
export function typeError(message: string): PythonError {
  return new PythonError('TypeError', message)
}

/** A value of the right type that does not do. */
export function valueError(message: string): PythonError {
  return new PythonError('ValueError', message)
}

/** What a filter or test of Ansible's own says. */
export function filterError(message: string): PythonError {
  return new PythonError('FilterError', message)
}

/** Something grew past what the evaluator allows. */
export function limitError(message: string): PythonError {
  return new PythonError('LimitError', message)
}
