import { lineage, playOf, roleChain } from './lineage.ts'
import { asList } from './parse-node.ts'
import type { ParentNode } from './playbook.ts'

/**
 * Collections in which short names of roles and modules are looked for first: those of the role and the playbook around a
 * node, then those of the `collections` keyword.
 */
export function collectionsOf(node: ParentNode): readonly string[] {
  const own = [roleChain(node).at(-1)?.role.collection, collectionOf(playOf(node).baseDir)]
  return [...new Set([...own.filter((one) => one !== undefined), ...written(node)])]
}

function written(node: ParentNode): readonly string[] {
  for (const next of lineage(node)) {
    const names = asList(next.keywords.get('collections')).filter((one) => typeof one === 'string')
    if (names.length > 0) return names
  }
  return []
}

/** The collection that a folder lies in. */
function collectionOf(folder: string): string | undefined {
  const [, namespace, name] = /\/ansible_collections\/(\w+)\/(\w+)(?=\/|$)/u.exec(folder) ?? []
  return namespace === undefined ? undefined : `${namespace}.${name ?? ''}`
}
