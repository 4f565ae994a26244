import { createHash } from 'node:crypto'
import { ErrandError } from '../../proto/errors.ts'
import type { ProgressStyle } from '../../proto/job.ts'
import { textEntries, isList, isMap, type Value } from '../../proto/value.ts'
import { Undefined } from '../template/scope.ts'
import { textOf } from '../modules/arguments.ts'
import type { Ask } from '../modules/module.ts'
import type { Attempt } from './attempt.ts'
import type { JobAbout } from './ports.ts'

/**
 * What the record keeps of a task's job: the variables `errand_labels` and `errand_progress`, and what it is known by.
 *
 * @throws {ErrandError} `invalid` when one of the variables is not what it is to be.
 */
export function aboutJob(attempt: Attempt, ask: Ask): JobAbout {
  return {
    labels: labelsOf(attempt),
    sameTask: sameTask(attempt, ask),
    hasOutput: !attempt.noLog && printsText.has(ask.reading.kind),
    progress: readProgress(variable(attempt, 'errand_progress')),
  }
}

/**
 * The variable `errand_labels`.
 *
 * @throws {ErrandError} `invalid` when it is none.
 */
export function labelsOf(attempt: Attempt): Readonly<Record<string, string>> {
  return readLabels(variable(attempt, 'errand_labels'))
}

/** Others print JSON for us. */
const printsText: ReadonlySet<Ask['reading']['kind']> = new Set(['program', 'low_level', 'script'])

/** A variable of the task; undefined where nobody has set it. */
export function variable({ scope }: Attempt, name: string): Value | undefined {
  const value = scope.resolve(name)
  return value instanceof Undefined ? undefined : value
}

/** A map, or a list of `name` and `name=text`. */
function readLabels(value: Value | undefined): Readonly<Record<string, string>> {
  const labels = pairsOf(value)
  const wrong = labels.find(([name]) => !/^[\w./-]{1,63}$/u.test(name))
  if (!wrong) return Object.fromEntries(labels)
  throw new ErrandError(
    'invalid',
    `a label has a name of 1 to 63 letters, digits and _ . / -, not ${JSON.stringify(wrong[0])}`,
  )
}

function pairsOf(value: Value | undefined): readonly (readonly [string, string])[] {
  if (value === undefined || value === null || value === '') return []
  if (isMap(value)) return textEntries(value).map(([name, text]) => [name, labelText(text)])
  if (isList(value)) return value.map((word) => pairOf(textOf(word)))
  throw new ErrandError(
    'invalid',
    `errand_labels is a map, or a list of name=text, not ${JSON.stringify(textOf(value))}`,
  )
}

function pairOf(word: string): readonly [string, string] {
  const at = word.indexOf('=')
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)]
}

function labelText(value: Value): string {
  return value === null ? '' : textOf(value)
}

function readProgress(value: Value | undefined): ProgressStyle {
  if (value === undefined || value === 'lines') return 'lines'
  if (value === 'percent') return 'percent'
  throw new ErrandError(
    'invalid',
    `errand_progress is lines or percent, not ${JSON.stringify(textOf(value))}`,
  )
}

/** By the task's name; one without a name, by what it does. */
function sameTask({ env }: Attempt, { work }: Ask): string {
  const { name, module } = env.task
  if (name !== undefined && name !== '') return `${module} ${env.heading.task}`
  const digest = createHash('sha256').update(JSON.stringify(work)).digest('hex')
  return `${module} ${digest.slice(0, 16)}`
}
