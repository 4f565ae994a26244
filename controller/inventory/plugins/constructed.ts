import { ErrandError } from '../../../proto/errors.ts'
import { addAll, isMap, newMap, type Value, type ValueMap } from '../../../proto/value.ts'
import { isTrue as isFilled } from '../../template/python/compare.ts'
import { TemplateError, toText } from '../../template/templates.ts'
import { variableName } from '../group-names.ts'
import { keyedGroupNames, type KeyedGroup } from './keyed-groups.ts'
import { isTrue, PluginOptions } from './plugin-options.ts'
import type { PluginTools } from './read-plugin.ts'
import { VarsScope } from './vars-scope.ts'

/**
 * `constructed`: variables and groups from what the sources before have told of each host.
 *
 * @throws {ErrandError} `invalid` for options that are none and, with `strict`, for expressions that fail.
 */
export function construct(config: ValueMap, tools: PluginTools): void {
  const work = new Construction(new PluginOptions('constructed', config), tools)
  for (const host of tools.builder.hostNames()) work.host(host)
}

class Construction {
  readonly #compose: ValueMap
  readonly #groups: ValueMap
  readonly #keyedGroups: readonly Value[]
  readonly #isStrict: boolean
  readonly #hasLeadingSeparator: boolean
  readonly #usesExtraVars: boolean
  readonly #usesVarsFolders: boolean
  readonly #tools: PluginTools

  constructor(options: PluginOptions, tools: PluginTools) {
    this.#tools = tools
    this.#compose = options.map('compose')
    this.#groups = options.map('groups')
    this.#keyedGroups = options.list('keyed_groups')
    this.#isStrict = options.boolean('strict', false)
    this.#hasLeadingSeparator = options.boolean('leading_separator', true)
    this.#usesExtraVars = options.boolean('use_extra_vars', false)
    this.#usesVarsFolders = options.boolean('use_vars_plugins', false)
  }

  host(host: string): void {
    const before = this.#varsOf(host)
    for (const [name, expression] of this.#compose) {
      this.#attempt(`Could not set ${String(name)} for host ${host}`, () => {
        const value = this.#value(expression, before)
        this.#tools.builder.setHostVar(host, name, value)
      })
    }
    const vars = this.#varsOf(host)
    for (const [name, condition] of this.#groups)
      this.#group(host, { name: toText(name), condition, vars })
    for (const keyed of this.#keyedGroups) this.#keyed(host, keyed, vars)
  }

  #group(
    host: string,
    {
      name,
      condition,
      vars,
    }: { readonly name: string; readonly condition: Value; readonly vars: ValueMap },
  ): void {
    const group = variableName(name)
    const text = `{% if ${toText(condition)} %} True {% else %} False {% endif %}`
    this.#attempt(`Could not add host ${host} to group ${group}`, () => {
      if (isTrue(this.#rendered(text, vars))) this.#join(host, group)
    })
  }

  #keyed(host: string, keyed: Value, vars: ValueMap): void {
    if (!isMap(keyed) || keyed.size === 0) {
      throw invalid(`Invalid keyed group entry, it must be a dictionary: ${toText(keyed)}`)
    }
    const expression = toText(keyed.get('key') ?? null)
    this.#attempt(`Could not generate group for host ${host} from ${expression} entry`, () => {
      const key = this.#value(expression, vars)
      const found = this.#keyedGroup(keyed, { key, expression, host })
      if (found) this.#joinKeyed(host, keyed, { names: keyedGroupNames(found), vars })
    })
  }

  /** Nothing where the key is empty and nothing stands for it. */
  #keyedGroup(
    keyed: ValueMap,
    {
      key,
      expression,
      host,
    }: { readonly key: Value; readonly expression: string; readonly host: string },
  ): KeyedGroup | undefined {
    const defaultValue = keyed.get('default_value') ?? undefined
    const trailing = keyed.get('trailing_separator') ?? undefined
    if (defaultValue !== undefined && trailing !== undefined) {
      throw invalid(
        'parameters are mutually exclusive for keyed groups: default_value|trailing_separator',
      )
    }
    if (isFilled(key) || (key === '' && defaultValue !== undefined)) {
      const prefix = toText(keyed.get('prefix') ?? '')
      const separator = toText(keyed.get('separator') ?? '_')
      const isLeading = prefix !== '' || this.#hasLeadingSeparator
      return {
        key,
        prefix: isLeading ? prefix + separator : '',
        separator,
        hasTrailingSeparator: trailing !== false,
        ...(defaultValue === undefined ? {} : { defaultValue: toText(defaultValue) }),
      }
    }
    const isNothing = (Array.isArray(key) && key.length === 0) || (isMap(key) && key.size === 0)
    if (!this.#isStrict || isNothing) return undefined
    throw invalid(`No key or key resulted empty for ${expression} in host ${host}, invalid entry`)
  }

  #joinKeyed(
    host: string,
    keyed: ValueMap,
    { names, vars }: { readonly names: readonly string[]; readonly vars: ValueMap },
  ): void {
    const { builder } = this.#tools
    const written = keyed.get('parent_group')
    const hasParent = written !== undefined && isFilled(written)
    const parent = hasParent
      ? variableName(toText(this.#rendered(toText(written), vars)))
      : undefined
    for (const name of names.map(variableName)) {
      this.#join(host, name)
      if (parent === undefined) continue
      builder.addGroup(parent)
      builder.addChild(parent, name)
    }
  }

  #join(host: string, group: string): void {
    this.#tools.builder.addGroup(group)
    this.#tools.builder.addHost(host, { group })
  }

  /** What an expression cannot do is left undone; with `strict` it is an error. */
  #attempt(what: string, work: () => void): void {
    try {
      work()
    } catch (cause) {
      if (!(cause instanceof TemplateError)) throw cause
      if (!this.#isStrict) return
      throw new ErrandError('invalid', `${what}: ${cause.ansible}`, { cause })
    }
  }

  #value(expression: Value, vars: ValueMap): Value {
    const all = newMap(vars)
    if (this.#usesExtraVars) addAll(all, this.#tools.extraVars())
    return this.#rendered(`{{${toText(expression)}}}`, all)
  }

  #rendered(text: string, vars: ValueMap): Value {
    const { templates } = this.#tools
    return templates.render(text, new VarsScope(vars, templates))
  }

  /** Variables of its groups, its own, those that are always there, then facts. */
  #varsOf(host: string): ValueMap {
    const { builder, varsBeside, factsOf } = this.#tools
    const vars = newMap()
    const groups = builder.groupsOfHost(host)
    for (const group of groups) addAll(vars, builder.groupVars(group))
    if (this.#usesVarsFolders) for (const group of groups) addAll(vars, varsBeside('group', group))
    addAll(vars, builder.hostVars(host))
    if (this.#usesVarsFolders) addAll(vars, varsBeside('host', host))
    addAll(vars, factsOf(host) ?? newMap())
    return vars
  }
}

function invalid(message: string): ErrandError {
  return new ErrandError('invalid', message)
}
