import type { Task } from '../playbook/playbook.ts'
import type { TaskLocals } from '../vars/host-vars.ts'
import type { HostRun } from './host-run.ts'
import { accumulated } from './keywords.ts'
import type { PlayRun } from './play-run.ts'
import { isChosen, splitTags } from './tags.ts'

/** Whether --tags and --skip-tags let a task run. Tags may be templates: the first host's variables fill them in. */
export function isTagged(
  play: PlayRun,
  task: Task,
  where: { readonly host: HostRun; readonly locals: TaskLocals },
): boolean {
  const { request, language } = play.context
  const written = accumulated(task, 'tags')
  const isTemplate = written.some((tag) => typeof tag === 'string' && tag.includes('{{'))
  const { host, locals } = where
  const rendered = isTemplate
    ? language.render(written, language.scope({ host: host.name, play: play.play, task, locals }))
    : written
  const tags = splitTags(Array.isArray(rendered) ? rendered.flat() : [rendered])
  return isChosen(tags, { only: request.tags, skip: request.skipTags })
}
