import type { Value } from '../../proto/value.ts'
import { lineage } from '../playbook/lineage.ts'
import type { Task } from '../playbook/playbook.ts'
import { TemplateError } from '../template/templates.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import type { HostRun } from './host-run.ts'
import { accumulated } from './keywords.ts'
import type { PlayRun } from './play-run.ts'
import { isChosen, splitTags } from './tags.ts'

/** Whether --tags and --skip-tags let a task run. */
export function isTagged(play: PlayRun, task: Task, where: OnHost): boolean {
  const { request } = play.context
  const written = accumulated(task, 'tags')
  const isTemplate = written.some((tag) => typeof tag === 'string' && tag.includes('{{'))
  const rendered = isTemplate ? filledIn(play, task, { written, where }) : written
  const tags = splitTags(Array.isArray(rendered) ? rendered.flat() : [rendered])
  return isChosen(tags, { only: request.tags, skip: request.skipTags })
}

interface OnHost {
  readonly host: HostRun
  readonly locals: TaskLocals
}

/**
 * Tags may be templates. They are read without a host: by what the play knows, and in what was included what the include knows. What
 * that cannot fill in, which Ansible refuses, the first host's variables may.
 */
function filledIn(
  play: PlayRun,
  task: Task,
  { written, where }: { readonly written: readonly Value[]; readonly where: OnHost },
): Value {
  const { language } = play.context
  const include = [...lineage(task.parent)].find((node) => node.kind === 'task')
  try {
    return language.render(written, language.scopeOfPlay(play.play, include))
  } catch (error) {
    if (!(error instanceof TemplateError) || error.kind !== 'UndefinedError') throw error
    const { host, locals } = where
    const scope = language.scope({ host: host.name, play: play.play, task, locals })
    return language.render(written, scope)
  }
}
