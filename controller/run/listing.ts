import { ErrandError } from '../../proto/errors.ts'
import type { Listing } from '../../proto/run.ts'
import { isList } from '../../proto/value.ts'
import type { Play, Playbook, Task, TaskNode } from '../playbook/playbook.ts'
import { withRole } from './heading.ts'
import { accumulated } from './keywords.ts'
import { playHeading, renderPlay } from './play-heading.ts'
import type { RunContext } from './run-context.ts'
import { isChosen, splitTags } from './tags.ts'

/** What --list-hosts, --list-tasks, --list-tags and --syntax-check print instead of a run. */
export function listPlaybook(
  context: RunContext,
  playbook: Playbook,
  { kinds }: { readonly kinds: readonly Listing[] },
): string {
  const heading = `\nplaybook: ${playbook.shownAs}\n`
  if (kinds.includes('syntax')) {
    for (const play of playbook.plays) playHeading(context, play)
    return heading
  }
  const plays = playbook.plays.map((play, index) => {
    const { pattern, patterns, title } = playHeading(context, play)
    const tags = shownTags(splitTags(accumulated(play, 'tags')))
    // Also where hosts are not shown: a pattern that fits none is warned of.
    context.language.match(patterns, context.inventory())
    const lines = [`  play #${index + 1} (${pattern}): ${title}\tTAGS: ${tags}`]
    return [...lines, ...kinds.flatMap((kind) => detailLines(context, play, kind))].join('\n')
  })
  return heading + plays.map((play) => `\n${play}\n`).join('')
}

/** What `errand exec --list-hosts` prints. */
export function listHosts(context: RunContext, { plays }: Playbook): string {
  const hosts = plays.flatMap((play) =>
    context.language.match(playHeading(context, play).patterns, context.inventory()),
  )
  return [`  hosts (${hosts.length}):`, ...hosts.map((host) => `    ${host}`), ''].join('\n')
}

function detailLines(context: RunContext, play: Play, kind: Listing): readonly string[] {
  switch (kind) {
    case 'syntax':
      return []
    case 'hosts':
      return hostLines(context, play)
    case 'tasks':
      return [
        '    tasks:',
        ...chosenTasks(context, play).map(
          ({ name, tags }) => `      ${name}\tTAGS: ${shownTags(tags)}`,
        ),
      ]
    case 'tags':
      return [
        `      TASK TAGS: ${shownTags(chosenTasks(context, play).flatMap(({ tags }) => tags))}`,
      ]
  }
}

function hostLines(context: RunContext, play: Play): readonly string[] {
  const { patterns } = playHeading(context, play)
  const hosts = context.language.match(patterns, context.inventory())
  return [
    `    pattern: [${patterns.map((one) => `'${one}'`).join(', ')}]`,
    `    hosts (${hosts.length}):`,
    ...hosts.map((host) => `      ${host}`),
  ]
}

interface ListedTask {
  readonly name: string
  readonly tags: readonly string[]
}

function chosenTasks(context: RunContext, play: Play): readonly ListedTask[] {
  const { tags, skipTags } = context.request
  const nodes = [...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks]
  return tasksIn(nodes)
    .map((task) => ({ name: nameOf(task), tags: tagsOf(context, play, task) }))
    .filter((task) => isChosen(task.tags, { only: tags, skip: skipTags }))
}

/** Tags may be templates, which the variables of the play fill in; those that need more are shown as written. */
function tagsOf(context: RunContext, play: Play, task: Task): readonly string[] {
  const written = accumulated(task, 'tags').flatMap(flat)
  return splitTags(
    written.flatMap((tag) => {
      if (typeof tag !== 'string' || !tag.includes('{{')) return [tag]
      try {
        return flat(renderPlay(context, play, tag))
      } catch (error) {
        if (error instanceof ErrandError && error.code !== 'internal') return [tag]
        throw error
      }
    }),
  )
}

function flat(value: unknown): readonly unknown[] {
  return isList(value) ? value : [value]
}

function tasksIn(nodes: readonly TaskNode[]): readonly Task[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'task') return [node]
    return tasksIn(node.kind === 'block' ? node.block : [...node.dependencies, ...node.tasks])
  })
}

function nameOf(task: Task): string {
  return task.name === undefined ? task.module : withRole(task, task.name)
}

function shownTags(tags: readonly string[]): string {
  return `[${[...new Set(tags)].toSorted().join(', ')}]`
}
