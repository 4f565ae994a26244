import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { isList, type Value } from '../../proto/value.ts'
import { textOf } from '../modules/arguments.ts'
import type { Play } from '../playbook/playbook.ts'
import { TemplateError } from '../template/templates.ts'
import type { RunContext } from './run-context.ts'

export interface PlayHeading {
  /** The patterns of the play's hosts, filled in. */
  readonly patterns: readonly string[]
  /** All of them as one. */
  readonly pattern: string
  readonly title: string
}

/**
 * Whom a play is for and what it is called.
 *
 * @throws {ErrandError} `syntax` when its hosts cannot be filled in.
 */
export function playHeading(context: RunContext, play: Play): PlayHeading {
  const filledIn = patternOf(context, play)
  const patterns = isList(filledIn) ? filledIn.map(textOf) : [textOf(filledIn)]
  return {
    patterns,
    pattern: patterns.join(','),
    title: titleOf(context, play, isList(play.hosts) ? patterns.join(',') : textOf(filledIn)),
  }
}

/** A value of the play, before it has hosts. */
export function renderPlay(context: RunContext, play: Play, value: Value): Value {
  const { language } = context
  return language.render(value, language.scopeOfPlay(play))
}

function titleOf(context: RunContext, play: Play, hosts: string): string {
  if (play.name === undefined) return hosts
  try {
    return textOf(renderPlay(context, play, play.name))
  } catch {
    return play.name // a name that cannot be filled in is shown as written
  }
}

function patternOf(context: RunContext, play: Play): Value {
  try {
    return renderPlay(context, play, play.hosts)
  } catch (cause) {
    const said = cause instanceof TemplateError ? cause.ansible : sentenceOf(cause)
    throw new ErrandError(
      'syntax',
      `${play.place.file}:${play.place.line}: the field 'hosts' has an invalid value: ${said}`,
      { cause },
    )
  }
}
