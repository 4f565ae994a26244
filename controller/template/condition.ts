import { type Value, isList } from '../../proto/value.ts'
import { type CompiledExpression, conditionTemplate } from './compiler.ts'
import type { Frame } from './compile/frame.ts'
import { isTrue } from './python/compare.ts'
import { PythonError, type PythonErrorKind } from './python/python-error.ts'
import { TemplateError, toTemplateError } from './template-error.ts'

/** What checking a condition needs of the evaluator. */
export interface ConditionParts {
  readonly isTemplate: (text: string) => boolean
  readonly render: (text: string) => Value
  readonly expression: (text: string) => CompiledExpression
  readonly frame: (compiled: CompiledExpression) => Frame
  /** Whether a text reads a variable that came from a target. */
  readonly isUnsafe: (text: string) => boolean
  readonly warn: (message: string) => void
}

/** Whether `condition` holds; of a list, whether all do. */
export function checkCondition(condition: Value, parts: ConditionParts): boolean {
  if (isList(condition)) return condition.every((part) => checkCondition(part, parts))
  if (condition === null || condition === '') return true
  if (typeof condition !== 'string') return isTrue(condition)
  try {
    return checkText(condition, parts)
  } catch (error) {
    throw failed(condition, error)
  }
}

function checkText(condition: string, parts: ConditionParts): boolean {
  const text = resolved(condition, parts)
  if (typeof text !== 'string' || text === '') return isTrue(text)
  try {
    const compiled = parts.expression(text)
    return isTrue(compiled.evaluate(parts.frame(compiled)))
  } catch (error) {
    const cause = asTemplateError(error, conditionTemplate(text))
    if (cause.kind !== 'UndefinedError') throw cause
    return answerOfUndefined(text, cause) ?? raise(condition, cause)
  }
}

/** A condition with template marks is rendered first; what it comes to is the condition. */
function resolved(condition: string, parts: ConditionParts): Value {
  if (!/\{\{|\{%|\{#/u.test(condition)) return condition
  if (parts.isTemplate(condition)) {
    parts.warn(
      `conditional statements should not include jinja2 templating delimiters such as {{ }} or {% %}. Found: ${condition}`,
    )
  }
  const text = renderCondition(condition, parts)
  if (typeof text === 'string' && text !== '' && parts.isUnsafe(condition)) {
    throw said(
      'FilterError',
      'Conditional is marked as unsafe, and cannot be evaluated.',
      condition,
    )
  }
  return text
}

function renderCondition(condition: string, parts: ConditionParts): Value {
  try {
    return parts.render(condition)
  } catch (error) {
    if (!(error instanceof TemplateError) || error.kind !== 'UndefinedError') throw error
    const answer = answerOfUndefined(condition, error)
    return answer === undefined ? raise(condition, error) : answer
  }
}

/**
 * A variable may be there while its own value needs one that is not. If the condition asks whether just that
 * missing one is defined, the answer is known.
 */
function answerOfUndefined(text: string, cause: TemplateError): boolean | undefined {
  const missing = /'(hostvars\[.+\]|\w+)' is undefined/u.exec(cause.ansible)?.[1]
  if (missing === undefined) return undefined
  const asked = text.matchAll(
    /(hostvars\[.+\]|\w+)\s+(not\s+is|is\s+not|is)\s+(defined|undefined)/gu,
  )
  for (const [, name = '', verb = '', state = ''] of asked) {
    if (name.replaceAll("'", '"') === missing.replaceAll("'", '"')) {
      return verb.includes('not') === (state === 'defined')
    }
  }
  return undefined
}

function raise(condition: string, cause: TemplateError): never {
  throw said(
    'UndefinedError',
    `error while evaluating conditional (${condition}): ${cause.ansible}`,
    condition,
  )
}

function failed(condition: string, error: unknown): unknown {
  if (!(error instanceof TemplateError) && !(error instanceof PythonError)) return error
  const cause = asTemplateError(error, condition)
  const words = cause.kind === 'UndefinedError' ? cause.message : cause.ansible
  return said(
    cause.kind,
    `The conditional check '${condition}' failed. The error was: ${words}`,
    condition,
  )
}

function asTemplateError(error: unknown, source: string): TemplateError {
  if (error instanceof TemplateError) return error
  if (error instanceof PythonError) return toTemplateError(error, { source })
  throw error
}

/** An error whose sentence is complete as it is. */
function said(kind: PythonErrorKind, message: string, source: string): TemplateError {
  return new TemplateError(kind, { message, ansible: message, source })
}
