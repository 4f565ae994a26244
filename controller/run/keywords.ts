import { lineage, type AnyNode } from '../playbook/lineage.ts'
import { newMap, isList, isMap, type Value, type ValueMap } from '../../proto/value.ts'

/** Keywords that the including task keeps to itself: what it brings in inherits from the include's own parents. */
function ownKeywords(node: AnyNode, isSelf: boolean): ValueMap | undefined {
  return node.kind === 'task' && !isSelf ? undefined : node.keywords
}

/** The keyword at the nearest node that has it; undefined when it was written nowhere. */
export function inherited(node: AnyNode, name: string): Value | undefined {
  for (const next of lineage(node)) {
    const keywords = ownKeywords(next, next === node)
    if (keywords?.has(name) === true) return keywords.get(name)
  }
  return undefined
}

/** Every value of a keyword that adds up (`when`, `environment`, `tags`, `module_defaults`), the outermost first. */
export function accumulated(node: AnyNode, name: string): readonly Value[] {
  const found: Value[] = []
  for (const next of lineage(node)) {
    const keywords = ownKeywords(next, next === node)
    const value = keywords?.get(name)
    if (value !== undefined) found.unshift(...(isList(value) ? value : [value]))
  }
  return found
}

/** A keyword of the node itself only (`register`, `until`, `loop_control` …). */
export function own(node: AnyNode, name: string): Value | undefined {
  return node.keywords.get(name)
}

/** A keyword's value as a map; an empty one when it was not written. */
export function ownMap(node: AnyNode, name: string): ValueMap {
  const value = own(node, name)
  return isMap(value) ? value : newMap()
}
