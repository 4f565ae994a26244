import { ErrandError } from '../../proto/errors.ts'
import type { PythonError, PythonErrorKind } from './python/python-error.ts'

/** Where and in what an evaluation failed. */
export interface TemplateErrorPlace {
  /** The name of the template file, if it has one. */
  readonly name?: string | undefined
  /** The text that was evaluated. */
  readonly source: string
}

interface TemplateErrorParts {
  readonly message: string
  readonly ansible: string
  readonly source: string
  readonly line?: number | undefined
  readonly column?: number | undefined
  readonly cause?: unknown
}

/**
 * An error in a template. As for every ErrandError the message is for people; `ansible` holds the words that
 * Ansible 2.14 would have put into a result, for output that is to look the same.
 */
export class TemplateError extends ErrandError {
  /** What kind of failure it is: `UndefinedError` for a variable that is not there. */
  readonly kind: PythonErrorKind
  /** Ansible's sentence. It often names its cause twice, as Ansible does. */
  readonly ansible: string
  /** The text that was evaluated. */
  readonly source: string
  /** Line and column in the template, from 1, where known. */
  readonly line: number | undefined
  readonly column: number | undefined

  constructor(kind: PythonErrorKind, parts: TemplateErrorParts) {
    super('invalid', parts.message, { cause: parts.cause })
    this.kind = kind
    this.ansible = parts.ansible
    this.source = parts.source
    this.line = parts.line
    this.column = parts.column
  }
}

/** The error to throw outside for what went wrong inside. */
export function toTemplateError(
  cause: PythonError,
  { name, source }: TemplateErrorPlace,
): TemplateError {
  const said = sentence(cause.kind, cause.message, source)
  const words = cause.ansible ?? cause.message
  const ansible = sentence(cause.kind, words, source)
  return new TemplateError(cause.kind, {
    message: `${place(cause, name)}${said}`,
    ansible: isDoubled(cause) ? `${ansible}. ${words}` : ansible,
    source,
    line: cause.line,
    column: cause.column,
    cause,
  })
}

function sentence(kind: PythonErrorKind, words: string, source: string): string {
  if (kind === 'TemplateSyntaxError') {
    return `template error while templating string: ${words}. String: ${source}`
  }
  if (kind === 'TypeError') {
    return `Unexpected templating type error occurred on (${source}): ${words}`
  }
  return words
}

function isDoubled({ kind }: PythonError): boolean {
  return kind === 'TemplateSyntaxError' || kind === 'TypeError' || kind === 'UndefinedError'
}

function place({ line, column }: PythonError, name: string | undefined): string {
  if (name === undefined) return ''
  if (line === undefined) return `${name}: `
  return column === undefined ? `${name}:${line}: ` : `${name}:${line}:${column}: `
}
