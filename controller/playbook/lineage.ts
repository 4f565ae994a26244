import type { Block, ParentNode, Play, RoleUse, Task } from './playbook.ts'

/** Anything that a play is made of, and the play itself. */
export type AnyNode = Play | RoleUse | Block | Task

/** The node, then its parents up to the play. */
export function* lineage(node: AnyNode): Iterable<AnyNode> {
  let next: AnyNode = node
  for (;;) {
    yield next
    if (next.kind === 'play') return
    next = next.parent
  }
}

/** The play that a node is in. */
export function playOf(node: AnyNode): Play {
  let next: AnyNode = node
  while (next.kind !== 'play') next = next.parent
  return next
}

/** Folder of the playbook that a node came from. */
export function baseDirOf(node: ParentNode): string {
  return playOf(node).baseDir
}

/** The role that holds a node, itself included. */
export function roleOf(node: AnyNode): RoleUse | undefined {
  for (const next of lineage(node)) if (next.kind === 'role') return next
  return undefined
}

/** The roles around a node, the outermost first; its own is the last. */
export function roleChain(node: AnyNode): readonly RoleUse[] {
  return [...lineage(node)].filter((next) => next.kind === 'role').toReversed()
}

/** Files of tasks that brought a node in, the nearest first. */
export function taskFilesOf(node: AnyNode): readonly string[] {
  const files: string[] = []
  for (const next of lineage(node)) {
    if (next.kind === 'block' && next.file !== undefined) files.push(next.file)
  }
  return files
}
