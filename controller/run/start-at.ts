import type { Task, TaskNode } from '../playbook/playbook.ts'
import { withRole } from './heading.ts'
import type { RunContext } from './run-context.ts'

/** Whether this is the task that --start-at-task named. */
export function isStart({ request }: RunContext, task: Task): boolean {
  const wanted = request.startAtTask ?? ''
  const names = [task.name, task.name && withRole(task, task.name)]
  const pattern = new RegExp(`^${escapePattern(wanted)}$`, 'u')
  return names.some((name) => name !== undefined && (name === wanted || pattern.test(name)))
}

/** Whether nodes hold a task of that name: includes, which are read on the way, do not count. */
export function holdsStart(nodes: readonly TaskNode[], isOne: (task: Task) => boolean): boolean {
  return nodes.some((node) => {
    if (node.kind === 'task') return isOne(node)
    const inside =
      node.kind === 'block'
        ? [...node.block, ...node.always]
        : [...node.dependencies, ...node.tasks]
    return holdsStart(inside, isOne)
  })
}

/** A shell glob with `*` and `?`. */
function escapePattern(glob: string): string {
  return glob
    .replace(/[\\^$.+()[\]{}|]/gu, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
}
