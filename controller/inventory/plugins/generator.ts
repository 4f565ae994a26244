import { ErrandError } from '../../../proto/errors.ts'
import { isList, isMap, newMap, type Value, type ValueMap } from '../../../proto/value.ts'
import { TemplateError, toText } from '../../template/templates.ts'
import type { PluginTools } from './read-plugin.ts'
import { VarsScope } from './vars-scope.ts'

/**
 * `generator`: a host for each combination of the layers' items, and groups above it, by templates of their names.
 *
 * @throws {ErrandError} `invalid` for a name that is missing or cannot be rendered.
 */
export function generate(config: ValueMap, tools: PluginTools): void {
  const layers = config.get('layers')
  const hosts = config.get('hosts')
  if (!isMap(layers)) throw new ErrandError('invalid', "'layers' must be a mapping of lists")
  if (!isMap(hosts)) throw new ErrandError('invalid', "'hosts' must be a mapping with a name")
  for (const vars of combinations(layers)) {
    const work = new Generation(vars, tools)
    const host = work.nameOf(hosts, "'hosts' has no name")
    tools.builder.addHost(host)
    work.addParents(hosts, { name: host, isHost: true })
  }
}

interface Child {
  readonly name: string
  readonly isHost: boolean
}

class Generation {
  readonly #tools: PluginTools
  readonly #scope: VarsScope

  constructor(vars: ValueMap, tools: PluginTools) {
    this.#tools = tools
    this.#scope = new VarsScope(vars, tools.templates)
  }

  addParents(below: ValueMap, child: Child): void {
    const parents = below.get('parents')
    for (const parent of isList(parents) ? parents : []) this.#addParent(parent, child)
  }

  nameOf(entry: ValueMap, missing: string): string {
    const name = entry.get('name')
    if (name === undefined) throw new ErrandError('invalid', missing)
    return toText(this.#rendered(name))
  }

  #addParent(parent: Value, child: Child): void {
    const { builder } = this.#tools
    const missing = `Element ${child.name} has a parent with no name element`
    const entry = isMap(parent) ? parent : newMap()
    const name = this.nameOf(entry, missing)
    builder.addGroup(name)
    const vars = entry.get('vars')
    for (const [key, value] of isMap(vars) ? vars : newMap()) {
      builder.setGroupVar(name, key, this.#rendered(value))
    }
    if (child.isHost) builder.addHost(child.name, { group: name })
    else builder.addChild(name, child.name)
    this.addParents(entry, { name, isHost: false })
  }

  #rendered(value: Value): Value {
    try {
      return this.#tools.templates.render(value, this.#scope)
    } catch (cause) {
      if (!(cause instanceof TemplateError)) throw cause
      throw new ErrandError('invalid', cause.ansible, { cause })
    }
  }
}

/** Every choice of one item of each layer, the last layer changing fastest. */
function combinations(layers: ValueMap): readonly ValueMap[] {
  let made: readonly ValueMap[] = [newMap()]
  for (const [name, items] of layers) {
    const choices = isList(items) ? items : Array.from(toText(items))
    made = made.flatMap((vars) => choices.map((item) => newMap([...vars, [name, item]])))
  }
  return made
}
