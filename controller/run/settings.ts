import { ErrandError } from '../../proto/errors.ts'
import { Float, isList, isMap, type Value } from '../../proto/value.ts'
import type { Task } from '../playbook/playbook.ts'
import type { Scope } from '../template/scope.ts'
import { omitToken } from '../template/templates.ts'
import { readBool, textOf } from '../modules/arguments.ts'
import { filled, noNumber } from './field-error.ts'
import { accumulated, inherited, own } from './keywords.ts'
import type { RunContext } from './run-context.ts'

/** A task's keywords, rendered for one host (and item). */
export interface TaskSettings {
  readonly checkMode: boolean
  readonly diffMode: boolean
  readonly delegateTo: string | undefined
  readonly delegateFacts: boolean
  readonly environment: Readonly<Record<string, string>>
  /** 0: synchronous. */
  readonly asyncSeconds: number
  readonly pollSeconds: number
  readonly until: readonly Value[]
  /** Attempts in all, the first included. */
  readonly attempts: number
  readonly delayMs: number
  /** 0: none. */
  readonly timeoutSeconds: number
  readonly register: string | undefined
  readonly changedWhen: readonly Value[]
  readonly failedWhen: readonly Value[]
  /** Names of handlers. */
  readonly notify: readonly string[]
}

/** @throws {ErrandError} `invalid` for a value of the wrong kind, or what rendering it throws. */
export function readSettings(context: RunContext, task: Task, scope: Scope): TaskSettings {
  const read = new KeywordReader(context, task, scope)
  for (const name of ['no_log', 'ignore_errors', 'ignore_unreachable', 'become']) read.bool(name)
  for (const name of ['become_user', 'become_method', 'remote_user', 'connection']) read.text(name)
  const until = listOf(own(task, 'until'))
  const retries = read.number('retries', { isOwn: true })
  return {
    checkMode: read.bool('check_mode') ?? context.request.check,
    diffMode: read.bool('diff') ?? context.request.diff,
    delegateTo: read.text('delegate_to'),
    delegateFacts: read.bool('delegate_facts') ?? false,
    environment: environmentOf(context, task, scope),
    asyncSeconds: read.number('async', { isOwn: true }) ?? 0,
    pollSeconds: read.number('poll', { isOwn: true }) ?? context.config.pollSeconds,
    until,
    attempts: attemptsOf(until, retries),
    delayMs: delayOf(read.number('delay', { isOwn: true })),
    timeoutSeconds: read.number('timeout') ?? context.config.taskTimeoutSeconds,
    register: registerOf(own(task, 'register')),
    changedWhen: listOf(own(task, 'changed_when')),
    failedWhen: listOf(own(task, 'failed_when')),
    notify: listOf(read.value('notify')).flatMap(listOf).map(textOf),
  }
}

/** `retries` counts the attempts after the first; alone it means: until it does not fail. */
function attemptsOf(until: readonly Value[], retries: number | undefined): number {
  if (until.length === 0 && retries === undefined) return 1
  return 1 + Math.max(0, retries ?? 3)
}

function delayOf(seconds: number | undefined): number {
  if (seconds === undefined) return 5000
  return seconds < 0 ? 1000 : seconds * 1000
}

function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return []
  return isList(value) ? value : [value]
}

function registerOf(value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  const name = textOf(value)
  if (/^[A-Za-z_]\w*$/u.test(name)) return name
  throw new ErrandError('invalid', `Invalid variable name in 'register' specified: '${name}'`)
}

/** Outer levels first, so that the task's own names win. */
function environmentOf(
  context: RunContext,
  task: Task,
  scope: Scope,
): Readonly<Record<string, string>> {
  const merged: Record<string, string> = {}
  for (const part of accumulated(task, 'environment')) {
    const rendered = filled('environment', () => context.language.render(part, scope))
    if (rendered === null || rendered === '' || rendered === omitToken) continue
    if (!isMap(rendered))
      throw new ErrandError('invalid', `environment must be a map, got ${textOf(rendered)}`)
    for (const [name, value] of rendered) merged[textOf(name)] = value === null ? '' : textOf(value)
  }
  return merged
}

/** Reads one keyword after the other in a scope. */
export class KeywordReader {
  readonly #context: RunContext
  readonly #task: Task
  readonly #scope: Scope

  constructor(context: RunContext, task: Task, scope: Scope) {
    this.#context = context
    this.#task = task
    this.#scope = scope
  }

  value(name: string, options: { readonly isOwn?: boolean } = {}): Value | undefined {
    const written = options.isOwn ? own(this.#task, name) : inherited(this.#task, name)
    if (written === undefined || written === null) return undefined
    const rendered = filled(name, () => this.#context.language.render(written, this.#scope))
    // `omit` is what the keyword is where nobody says anything.
    return rendered === null || rendered === omitToken ? undefined : rendered
  }

  text(name: string): string | undefined {
    const value = this.value(name)
    return value === undefined || value === '' ? undefined : textOf(value)
  }

  bool(name: string): boolean | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    if (value === '') return false
    const read = readBool(value)
    if (read !== undefined) return read
    throw new ErrandError(
      'invalid',
      `the field '${name}' has an invalid value (${textOf(value)}), and could not be converted to an bool.` +
        `The error was: The value '${textOf(value)}' is not a valid boolean`,
    )
  }

  number(name: string, options: { readonly isOwn?: boolean } = {}): number | undefined {
    const value = this.value(name, options)
    if (value === undefined || value === '') return undefined
    const number = value instanceof Float ? value.value : Number(textOf(value))
    if (Number.isFinite(number)) return number
    throw noNumber(name, textOf(value))
  }
}
